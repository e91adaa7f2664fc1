import Testing
import Trading
