"""Two documents as text: their units side by side, what differs between them,
and how that is shown. Knows no claim's worth.
"""
