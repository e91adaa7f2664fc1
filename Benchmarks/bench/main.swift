print("bench: no rows yet")
