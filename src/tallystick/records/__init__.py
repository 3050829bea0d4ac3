"""Frozen records that every room shares. No logic beyond construction and validation."""
