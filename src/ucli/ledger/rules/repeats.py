"""What may be there twice: members of one name and birth date, payouts that look alike."""

from ucli.i18n import _
from ucli.ledger.payouts import repeats
from ucli.ledger.persons import twins
from ucli.ledger.rules import WARNING, Broken, Finding, Look, rule


@rule("C14-namesakes", WARNING)
def namesakes(look: Look) -> Broken:
    """No two members at the same time have the same name and birth date.

    They may be one person, who is then counted twice: void one of them with “ucli void-member”. If they
    are two, accept the finding with “ucli accept-finding”.
    """
    found: set[frozenset[int]] = set()
    for it in twins(look.db):
        persons = frozenset((it.one_person, it.other_person))
        if persons in found or (it.is_told_apart and not it.is_of_one_union):
            continue
        found.add(persons)
        what = (
            _("Members {one} and {other} of one union have the same name and birth date.")
            if it.is_of_one_union
            else _("Members {one} and {other} of two unions at the same time have the same name and birth date.")
        )
        yield Finding(look.code, f"{it.one}-{it.other}", what.format(one=it.one, other=it.other), it.other_union)


@rule("C22-payout-twice", WARNING)
def payouts_once(look: Look) -> Broken:
    """A payout is recorded once: at one level, by one office.

    Two of the same day, programme, amount and recipients, or to one person by one decision, may be the same: void one
    with “ucli void-payout”. If they are two, accept the finding.
    """
    for it in repeats(look.db):
        said = _("Payouts {one} and {other} have {shared}.").format(one=it.earlier, other=it.number, shared=it.shared)
        yield Finding(look.code, f"{it.earlier}-{it.number}", said, it.unit)
