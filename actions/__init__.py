"""Rasa's custom actions: thin. Each asks the clinic and hands the result to a response of domain.yml."""
