"""Values ↔ SQLite. The only room that knows SQL; every write is a function of an open connection.

    connecting  a path → the database that is open there; transactions
    database    a connection, and how migrations are applied
    schema      the tables, as migrations, the first in `earlier`; `tables` as those made them;
                `views` what people ask, for any SQLite tool
    notices     the table of what was told of outages, as migrations made it
    values      what travels between the store and the story
    rows        values ↔ rows
    reading     what the story needs of a page's past
    running     what runs saw, and which have not been answered for
    writes      what is recorded of pages and looks
    noting      what is recorded of the top journal's lines
    steps       what a good look did to a page's claims
    reversions  which change undid an earlier one, and which pairs were a flap
    rhythms     when each page changed
    sitemaps    which addresses are new in watched sitemaps
    links       which documents' links are to be tried, and which lead nowhere
    outages     which pages could not be read, and who was told so
    confirming  what a second look says of changes, and who was sent them
    knowing     what older readers read, and what was known when
    corrections what a person said we read wrong
    holding     what is held back, what people said of that, and what it would change
    reviewing   what verdicts and old ids mean after a page was derived anew
    together    what pages say together: contradictions, dates that passed;
                `gaps` has the gaps, `finding` their rows
    matrices    who holds what, and why a cell is blank
    searching   words, found again
    listing     changes as an inbox asks for them; `narrowing` makes its questions
    ruling      which changes rules give another severity
    looking     one page, its looks over time, and its captures
    showing     one change, with all that is known of it
    beginning   ids by their first letters, for the shell
    sights      which capture showed a state, and which run is meant
    profiling   all of one vendor
    facts       the copies of journals, as they are held against them
    days        when a day begins and ends, in the schedule's time zone
    standing    the claims that stand, or stood at a time, and one claim's life
    changing    the changes, with what people said of them
    queries     pages, verdicts, messages and ids, as the commands print them
    timed       numbers of rows that grow with time, for searching

Decides nothing about pages and keeps nothing that the journals in `snapshots/` do not have,
or that cannot be derived from them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline import parts
from pipeline.history.connecting import examined, hurried, open, transaction, unusable
from pipeline.history.database import Database

if TYPE_CHECKING:
    from pipeline.history.beginning import beginning
    from pipeline.history.changing import changes, told
    from pipeline.history.collecting import (
        dead,
        digests,
        last_run_at,
        newest,
        said,
        seen_between,
        told_since,
    )
    from pipeline.history.confirming import Twice, sent, twice
    from pipeline.history.corrections import FIELDS, counts, said_of
    from pipeline.history.dated import dated, needs
    from pipeline.history.days import keep_zone, zone
    from pipeline.history.facts import (
        NOTED,
        copied_to,
        copies,
        differences,
        heads,
        journals,
        look_rows,
        looked_at,
        named,
        named_heads,
        noted,
        unsound,
    )
    from pipeline.history.holding import (
        foresee,
        held_back,
        last_held,
        rejected,
        released,
        releases,
        unanswered,
        unforeseen,
        unreleased,
    )
    from pipeline.history.knowing import reading as reading_in_force
    from pipeline.history.links import gone, links_due
    from pipeline.history.listing import Found, Slice, any_changes, choices, inbox
    from pipeline.history.listing import of_runs as changes_of_runs
    from pipeline.history.looking import captured, page, timeline
    from pipeline.history.lost import no_longer_claimed
    from pipeline.history.matrices import findings, matrix, overview
    from pipeline.history.naming import names
    from pipeline.history.narrowing import COUNTED, Narrowed
    from pipeline.history.noting import copied, record_note, record_old
    from pipeline.history.outages import situation
    from pipeline.history.profiling import profile
    from pipeline.history.queries import find, outbox, pages_of, reviews, runs, status, undelivered
    from pipeline.history.reading import (
        aliases,
        births,
        changes_of,
        earlier_captures,
        given_up,
        good_capture,
        held,
        instants,
        is_gone,
        known,
        known_of,
        last_captures,
        last_good_at,
        last_reading,
        past,
        readers,
        seen,
        stamp,
        stamps,
        unseen,
        watched,
    )
    from pipeline.history.reversions import folded
    from pipeline.history.reviewing import about, attach, current, successors
    from pipeline.history.rhythms import rhythms
    from pipeline.history.running import (
        changes_seen,
        due,
        has_run,
        look_of,
        looks_of,
        unclosed,
        untold,
    )
    from pipeline.history.searching import search
    from pipeline.history.showing import Shown, shown
    from pipeline.history.sights import capture, captures, captures_of, has_changes, looks
    from pipeline.history.sights import run as named_run
    from pipeline.history.sitemaps import known_addresses, newly_listed, sitemap_read_at
    from pipeline.history.standing import claims, history
    from pipeline.history.steps import change_row, forget, record_step
    from pipeline.history.values import (
        Begun,
        Born,
        Foreseen,
        Identified,
        Judged,
        Past,
        Recorded,
        Release,
        Step,
        When,
    )
    from pipeline.history.writes import (
        advance_page,
        judge_look,
        keep_last_reading,
        know,
        record_look,
        refresh_page,
        watch,
    )
else:
    __getattr__ = parts.of(
        __name__,
        {
            "changing": "changes told",
            "beginning": "beginning",
            "corrections": "FIELDS counts said_of",
            "days": "keep_zone zone",
            "facts": (
                "NOTED copied_to copies differences heads journals look_rows looked_at named "
                "named_heads "
                "noted unsound"
            ),
            "holding": (
                "foresee held_back last_held rejected released releases unanswered "
                "unforeseen unreleased"
            ),
            "knowing": "reading_in_force=reading",
            "listing": "Found Slice any_changes changes_of_runs=of_runs choices inbox",
            "narrowing": "COUNTED Narrowed",
            "looking": "captured page timeline",
            "lost": "no_longer_claimed",
            "matrices": "findings matrix overview",
            "naming": "names",
            "confirming": "Twice sent twice",
            "rhythms": "rhythms",
            "links": "gone links_due",
            "sitemaps": "known_addresses newly_listed sitemap_read_at",
            "collecting": "dead digests last_run_at newest said seen_between told_since",
            "dated": "dated needs",
            "noting": "copied record_note record_old",
            "outages": "situation",
            "profiling": "profile",
            "queries": "find outbox pages_of reviews runs status undelivered",
            "reading": (
                "aliases births changes_of earlier_captures given_up good_capture held "
                "instants is_gone known known_of last_captures last_good_at last_reading past "
                "readers seen stamp stamps unseen watched"
            ),
            "reversions": "folded",
            "running": "changes_seen due has_run look_of looks_of unclosed untold",
            "reviewing": "about attach current successors",
            "searching": "search",
            "sights": "captures_of capture captures has_changes looks named_run=run",
            "standing": "claims history",
            "steps": "change_row forget record_step",
            "showing": "Shown shown",
            "values": "Begun Born Foreseen Identified Judged Past Recorded Release Step When",
            "writes": (
                "advance_page judge_look keep_last_reading know record_look refresh_page watch"
            ),
        },
    )
