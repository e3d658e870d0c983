"""claimwatch: watch vendors' compliance pages, read the claims they make, tell what changed.

    config | sources | parse | extract | diff | archive + history | report + alert

Read `model` first (every value that travels), then `track` (the story: look, judge, settle), then the room you need:

    step 1  words, charset, errors, model     how text is compared and decoded; what may go wrong; the values
    step 2  standards, rules, egress     the catalogue of standards, as data; what is wanted told; the one way out
    step 3  parse, extract, diff, health, report     pure functions of values, no clock, no network, no files
    step 4  config, sources, archive, history, alert     the edges: files, network, SQLite, mail
    step 5  track                        the one module that knows the whole story
    step 6  schedule, demo               when to run; a bundled example site
    step 7  cli                          argv in, exit status out; the only room that prints

A room imports only from lower steps; `tests/test_ladder.py` keeps it so.
"""

__version__ = "0.1.0"
