"""What each document prints, as frozen data: pure functions from facts to view models."""
