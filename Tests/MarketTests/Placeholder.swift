import Market
import Testing
