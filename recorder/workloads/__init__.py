"""Labelled work for a GPU: each workload is a generator that does one step between two ``yield``s.

A workload takes ``device`` and its parameters by name, makes random weights and data, and needs no network.
"""
