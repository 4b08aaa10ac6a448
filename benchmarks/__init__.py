"""What things cost, in CPU seconds, side by side in one run; never a test."""
