"""The strategy model held against past proposals whose outcome is known, refusals among them."""
