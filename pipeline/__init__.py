"""claimwatch: watch vendors' compliance pages, read the claims they make, report what changed.

    config | sources | parse | extract | diff | archive + history | report + alert

Read `model` first (every value that travels), then `track` (the story: look, judge,
settle), then the room you need:

    1  model, errors, words, dates, …   every value that travels; what can go wrong; how text is
                                        compared, decoded and dated
    2  lexicon, standards, rules        what words and standards mean, as data; what is wanted
       egress, chats, workers           the one way out; processes with a budget
    3  parse, extract, diff, health     pure functions of values: no clock, network or file
       report
    4  config, sources, archive         the edges: files, network, SQLite, messages
       history, alert
    5  track                            the one module that knows the whole story
    6  schedule, web, demo              when to run; review in a browser; an example site
    7  cli                              argv in, exit status out; the only room that prints

A room imports only from lower steps; `tests/test_ladder.py` keeps it so.
"""

__version__ = "0.1.0"
