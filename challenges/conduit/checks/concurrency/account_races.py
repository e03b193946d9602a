"""Races between two requests that create or change accounts (M1 with A2, A5, A7, A8)."""

from __future__ import annotations

from typing import Any

from worksample.checks import Race, Words
from worksample.suites import account_races
from worksample.suites.races import (
    BOTH_SUCCEED,
    LOST_UPDATE,
    PARTIAL_UPDATE_HINT,
    RaceFactory,
    pair_of_writes,
)
from worksample.suites.reused_accounts import ReusedAccount

from ..conduit_accounts import ConduitAccounts
from ..operations import REGISTER, UPDATE_USER
from ..world import CHANGING, Conduit

CHECKS = [
    *account_races.SUITE.checks(
        ConduitAccounts,
        clause="M1",
        operations=(REGISTER,),
        stage=6,
        words={
            "two-spellings-at-once-are-one-account": Words(
                clause="A5",
                why="A phone capitalises the first letter and a browser does not: a user then has "
                "two accounts, with articles in both.",
            ),
            "a-new-password-survives-another-change": Words(
                title="A password and a bio changed at the same moment are both kept",
                clause="A8",
                operations=(UPDATE_USER,),
                stage=6,
            ),
        },
    ),
    *account_races.NAMES.checks(
        ConduitAccounts,
        clause="M1",
        operations=(REGISTER,),
        stage=6,
        words={
            "a-name-is-given-to-one-of-two": Words(
                why="Two accounts with one name see each other's articles as their own, and a "
                "profile shows either of them."
            ),
            "a-name-is-given-once-by-two-copies": Words(clause="M2"),
            "renaming-and-registering-do-not-share-a-name": Words(
                why="A user who changes the name at that moment shares it, and the profile, with "
                "a stranger.",
                operations=(REGISTER, UPDATE_USER),
                stage=6,
            ),
            "a-name-is-changed-to-by-one-of-two": Words(operations=(UPDATE_USER,), stage=6),
        },
    ),
]


@pair_of_writes(
    title="Bio and picture changed at the same moment are both kept",
    operations=(UPDATE_USER,),
    clause="A7",
    stage=6,
    why="The phone saves the picture while the browser saves the bio: one change is lost, although "
    "both requests were answered with 200.",
    hint=PARTIAL_UPDATE_HINT,
    cites=LOST_UPDATE,
    needs=CHANGING,
    outcomes=BOTH_SUCCEED,
    double_preemptions=0,
)
async def two_changes_of_an_account_are_both_kept(world: Conduit) -> RaceFactory:
    account = ReusedAccount(world)

    async def new_race() -> Race:
        person = await account.member()
        bio, image = world.sentence(), f"https://example.com/{world.unique_name('i')}.png"

        async def read_state() -> Any:
            shown = (await person.me()).at("user")
            return {
                "bio is new": shown.get("bio") == bio,
                "image is new": shown.get("image") == image,
            }

        return Race(
            first=lambda: person.change(bio=bio),
            second=lambda: person.change(image=image),
            read_state=read_state,
        )

    return new_race
