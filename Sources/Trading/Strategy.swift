import Market
