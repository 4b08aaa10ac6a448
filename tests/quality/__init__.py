"""The quality floor: pages of every family with all they say labelled, and figures that a change may raise but not lower."""
