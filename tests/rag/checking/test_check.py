"""The check: pairs of sentences and quotes that it must let through or stop, and properties that hold for all."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rag.checking.check import check_sentence
from rag.text.country_names import name_key

# One line a pair: sentence / quote / quote …
SUPPORTED = """
Six workers died when the bridge fell. / Six workers died when the bridge fell into the harbour on Tuesday.
Some 25 million people were affected. / About 25,000,000 people were affected by the outage.
The plan costs $2.5bn. / The plan costs 2.5 billion dollars, the ministry said.
Twenty-five ships were delayed. / Officials said 25 ships were delayed.
The bank raised rates by 4.25 percent. / The bank raised rates by 4.25% on Thursday.
A third of voters stayed at home. / One third of the voters stayed at home.
A dozen houses burned. / Twelve houses burned in the night.
The treaty was signed on 19 June 2024. / The treaty was signed in Pyongyang on June 19, 2024.
The treaty was signed in June. / The treaty was signed on 19 June.
The court sat on 2024-06-19. / The court sat on June 19th, 2024.
Chinese officials oppose the treaty. / China's officials oppose the treaty.
Washington said the United States would respond. / Washington said that the U.S. would respond.
The UN condemned the attack. / The United Nations condemned the attack on the port.
The U. S. Federal Reserve cut its rate. / The U.S. Federal Reserve cut its rate on Wednesday.
The NTSB opened an inquiry. / The National Transportation Safety Board opened an inquiry.
British troops left the base. / Troops from the UK left the base.
Putin met Kim Jong Un. / President Vladimir Putin met Kim Jong Un in Pyongyang.
Foreign Minister Wang Yi criticised the deal. / Wang Yi, China's foreign minister, criticised the deal.
The mayor called it "a dark day". / The mayor called it “a dark day” for the city.
Russia did not rule out military cooperation. / Putin said that Russia did not rule out military cooperation.
The owner has denied negligence. / The owner of the ship has denied negligence.
The storm may reach the coast. / The storm may reach the coast on Friday.
The minister will visit Nairobi. / The minister will visit Nairobi in May.
Tools that were used by people were found. / Researchers found tools used by people.
Ukraine was invaded by Russia. / Russia invaded Ukraine in February.
Anna Weiss said the river was rising. / The river was rising, said Anna Weiss, who lives there.
More than 20 items were added to the list. / More than 20 trade items were added to the control list.
Critics claimed that the minister caused the crash. / Critics claimed the minister caused the crash.
All schools in the city closed. / Every school in the city closed.
Three people died and 25 were injured. / Three people died and 25 were injured in the blast.
Up to 40 homes lost power. / Up to 40 homes lost power in the storm.
Ana Ruiz hosted Boris Kahn in Oslo. / Boris Kahn came to Oslo on Monday. / Ana Ruiz hosted him at the castle.
Ferry crews went on strike and asked for 7% more. / Ferry crews went on strike on Tuesday. / They asked for 7% more.
Turkey backed the plan. / Turkey's government backed the plan on Monday.
The turkey farm backed the plan. / A turkey farm near the town backed the plan.
Polish soldiers left the base. / Soldiers from Poland left the base.
The workers polish the floor. / The workers polished the floor of the hall.
Chinese officials oppose the treaty. / the chinese officials oppose the treaty.
South Sudan's army left. / The army of South Sudan left.
The WHO's chief resigned. / The chief of the WHO resigned, who had led it for a year.
The WHO declared an emergency. / The World Health Organization declared an emergency on Monday.
The bridge closed at 10 AM. / The bridge closed at 10 a.m. on Monday.
THE BRIDGE IS CLOSED. / The bridge is closed.
中国反对访问。 / 专家说中国反对访问。
La banque a relevé ses taux de 4,25 %. / La banque centrale a relevé ses taux de 4,25 % jeudi.
"""

UNSUPPORTED = """
Sixty workers died when the bridge fell. / Six workers died when the bridge fell into the harbour on Tuesday.
Some 25 million people were affected. / About 25,000 people were affected by the outage.
The plan costs £2.5bn. / The plan costs 2.5 billion dollars, the ministry said.
The bank raised rates by 4.25 percent. / The bank raised rates by 4.25 points on Thursday.
The bank raised rates by 5 percent. / The bank raised rates by 5,000 percent.
The treaty was signed on 20 June 2024. / The treaty was signed in Pyongyang on June 19, 2024.
The treaty was signed on 19 June 2024. / The treaty was signed in Pyongyang on June 19.
The treaty was signed in July. / The treaty was signed on 19 June.
The talks began on Monday. / The talks began on Tuesday.
Japanese officials oppose the treaty. / China's officials oppose the treaty.
Macron met Kim Jong Un. / President Vladimir Putin met Kim Jong Un in Pyongyang.
Emmanuel Macron opened the games. / The president opened the games in Paris.
North Korea joined the talks. / South Korea joined the talks.
John Smith resigned. / John Brown and Mary Smith resigned.
The mayor called it "a black day". / The mayor called it “a dark day” for the city.
The crash was "terrible". / The mayor called the crash a disaster that was terribly sad.
Russia ruled out military cooperation. / Putin said that Russia did not rule out military cooperation.
Japan did not object to the visit. / Japan did object to the visit.
Japan objected to the visit. / Japan did not object to the visit.
The owner admitted negligence. / The owner of the ship has denied negligence.
Nobody died in the crash. / Six people died in the crash.
The storm reached the coast. / The storm may reach the coast on Friday.
The minister visited Nairobi. / The minister will visit Nairobi in May.
The minister will visit Nairobi. / The minister may visit Nairobi in May.
Ukraine invaded Russia. / Russia invaded Ukraine in February.
Russia was invaded by Ukraine. / Russia invaded Ukraine in February.
Boris Kahn said the river was rising. / The river was rising, said Anna Weiss, who met Boris Kahn there.
More than 20 items were added to the list. / Fewer than 20 trade items were added to the control list.
20 items were added to the list. / Up to 20 items were added to the list.
Three people were injured. / Three people died and 25 were injured in the blast.
One person died in the blast. / Three people died in the blast and one fled.
Shares rose by 3%. / Shares fell by 3%.
The deal was signed before the election. / The deal was signed after the election.
The union accepted the offer. / The union rejected the offer.
The measure is legal. / The measure is illegal.
The mayor praised the firefighters warmly for their courage. / The mayor opened a school.
The company fired its chief. / The chief fired at the company.
Ana Ruiz travelled with Boris Kahn to Oslo. / OSLO: Ana Ruiz and Boris Kahn signed. / Boris Kahn travelled on.
Paris won the cup against Lyon. / Lyon won the cup against Paris.
The minister caused the crash. / Critics claimed the minister caused the crash.
Six died because of the storm. / Six died in the storm.
All schools in the city closed. / Some schools in the city closed.
Only two ships sank. / Two ships sank.
Is the bridge closed? / The bridge is closed.
It is so. / The bridge is closed and it is so.
Turkey backed the plan. / the turkey farm backed the plan
Turkey backed the plan for a new gas pipeline. / The turkey farm backed the plan for a new gas pipeline.
The turkey farm backed the plan for a new gas pipeline. / Turkey backed the plan for a new gas pipeline.
turkey backed the plan for a new gas pipeline. / Greece backed the plan for a new gas pipeline.
China was broken in the quake. / The china was broken in the quake.
Polish workers left the hall. / The workers polished the hall and left.
Officials want to polish the workers' hall. / Polish officials want the workers' hall.
Chad was counted by hand. / Every hanging chad was counted by hand.
Guinea was given a vaccine. / The guinea pig was given a vaccine.
Poles were found in the river. / Wooden poles were found in the river.
Japanese officials oppose the treaty. / the chinese officials oppose the treaty.
South Sudan's army left. / The army of North Korea left.
The WHO declared an emergency. / The ministry, who met on Monday, declared an emergency.
LA police closed the road. / Police closed the road.
The IT minister resigned. / The minister resigned after it failed.
The minister's son resigned. / The minister resigned on Monday.
Crews pour water on the fire. / The water put out the fire, crews say.
中国支持访问。 / 专家说中国反对访问。
La banque n'a pas relevé ses taux. / La banque centrale a relevé ses taux jeudi.
"""


def pairs(table: str) -> list[tuple[str, list[str]]]:
    lines = [line.split(" / ") for line in table.strip().splitlines()]
    return [(line[0], line[1:]) for line in lines]


@pytest.mark.parametrize(("sentence", "quotes"), pairs(SUPPORTED))
def test_what_the_quotes_say_is_supported(sentence: str, quotes: list[str]) -> None:
    verdict = check_sentence(sentence, quotes)
    assert verdict.supported, verdict.reason
    assert verdict.reason == ""


@pytest.mark.parametrize(("sentence", "quotes"), pairs(UNSUPPORTED))
def test_what_the_quotes_do_not_say_is_not_supported(sentence: str, quotes: list[str]) -> None:
    verdict = check_sentence(sentence, quotes)
    assert not verdict.supported
    assert verdict.reason


QUOTES = [quote for _, quotes in pairs(SUPPORTED) for quote in quotes]


@pytest.mark.parametrize("quote", QUOTES)
def test_a_quote_supports_itself(quote: str) -> None:
    verdict = check_sentence(quote, [quote])
    assert verdict.supported, verdict.reason
    assert verdict.support == 1.0


@given(st.sampled_from([quote for quote in QUOTES if re.search(r"\d", quote)]), st.data())
def test_another_digit_is_never_supported(quote: str, data: st.DataObject) -> None:
    places = [match.start() for match in re.finditer(r"\d", quote)]
    place = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from("123456789"))
    assume(digit != quote[place])
    assert not check_sentence(quote[:place] + digit + quote[place + 1 :], [quote]).supported


AUXILIARIES = r"\b(?:was|were|may|will|has|is|would)\b"


@pytest.mark.parametrize("quote", [quote for quote in QUOTES if re.search(AUXILIARIES, quote)])
def test_an_added_not_is_never_supported(quote: str) -> None:
    denied = re.sub(AUXILIARIES, r"\g<0> not", quote, count=1)
    assert not check_sentence(denied, [quote]).supported


@pytest.mark.parametrize("quote", [quote for quote in QUOTES if re.search(AUXILIARIES, quote)])
def test_a_dropped_not_is_never_supported(quote: str) -> None:
    denied = re.sub(AUXILIARIES, r"\g<0> not", quote, count=1)
    assert not check_sentence(quote, [denied]).supported


@given(st.text(max_size=80), st.lists(st.text(max_size=80), max_size=3))
def test_any_text_gets_a_verdict_with_a_share(sentence: str, quotes: list[str]) -> None:
    verdict = check_sentence(sentence, quotes)
    assert 0.0 <= verdict.support <= 1.0
    assert verdict.supported == (verdict.reason == "")


@given(st.text(max_size=200))
def test_nothing_is_supported_without_quotes(sentence: str) -> None:
    assert not check_sentence(sentence, []).supported


def test_quotation_marks_dashes_and_spaces_may_differ() -> None:
    assert check_sentence(
        'Ruiz said it was "a long \u2013 and\u00a0hard \u2013 night".',
        ["Ruiz said it was \u201ca long - and hard - night\u201d."],
    ).supported


def test_a_verdict_is_not_mistaken_for_its_truth() -> None:
    with pytest.raises(TypeError):
        bool(check_sentence("Six died.", ["Six died."]))


@pytest.mark.parametrize(
    ("forms", "others"),
    [
        (("China", "Chinese", "China's", "chinese"), ("us", "un", "chin")),
        (("US", "U.S.", "United States", "America", "Americans"), ("us", "UK")),
        (("UK", "Britain", "British", "Great Britain"), ("England",)),
        (("UN", "United Nations"), ("un", "EU")),
        (("EU", "European Union"), ("Europe", "European")),
        (("North Korea", "North Korean"), ("South Korea", "Korea")),
    ],
)
def test_every_form_of_a_name_has_one_key(forms: tuple[str, ...], others: tuple[str, ...]) -> None:
    keys = {name_key(form) for form in forms}
    assert len(keys) == 1
    assert not keys & {name_key(other) for other in others}


@pytest.mark.parametrize(
    "part",
    [
        "The mayor, Ana Ruiz, said on 3 May that 25 of \"the\" 30 boats had not left, it's 'so' ",
        " 'a b c",
    ],
)
def test_a_very_long_sentence_is_checked_too(part: str) -> None:
    text = "The bridge is closed. " + part * 400
    assert check_sentence(text, [text]).supported
