"""A facts file to copy and change, as ``tallystick regimes show facts --source`` prints it."""

EXAMPLE_FACTS = """\
# Facts about a fictional developer and its model, for `tallystick regimes check`. All figures are invented.
# Delete what you do not know: what is not stated is unknown, not false. All names, with their units:
# tallystick regimes show vocabulary --source
complete: true                # of compute: components that are not named below are zero
facts:
  # Who you are, and where: roles, and ties to a region (EU, DE, US, US-CA, KR, UK ...).
  roles.developer: true
  roles.provider: true
  jurisdictions.EU.places_on_market: true
  jurisdictions.US-CA.develops: true
  # What the compute of the model was spent on, in operations (FLOP): a number, or a range of two.
  compute.pretraining: 7.0e25
  compute.fine_tuning: 1.5e25
  compute.reinforcement_learning: [4e24, 6e24]
  compute.synthetic_private: 1.2e25
  # What the model does, and what the developer earns.
  model.generates_language: true
  developer.revenue_usd_prior_year: 1.3e9
"""
