"""What one would pick instead of our crawler, each as its manual shows it; run in an environment of their own (requirements.txt).

Each prints, as its last line, how many articles it got and how many of them with a text: a silent zero must be seen.
"""
