"""How good inspection must be: the levels of technology beyond which a regime holds, and the gap to them."""
