"""What a charger was told in place of its CSMS, kept until the CSMS has heard it."""
