import pickle

from services.applications.domain.messages import Message


def test_a_message_is_a_sentence_that_can_be_said_again_in_another_language() -> None:
    message = Message("“%(label)s”: use %(limit)s words or fewer.", label="Why? 100%", limit=3)
    assert message == "“Why? 100%”: use 3 words or fewer."
    translated = "« %(label)s » : %(limit)s mots"
    assert translated % message.values == "« Why? 100% » : 3 mots"
    assert message.template == "“%(label)s”: use %(limit)s words or fewer."


def test_a_message_survives_pickling() -> None:
    message = pickle.loads(pickle.dumps(Message("%(a)s", a=1)))  # noqa: S301
    assert message.template == "%(a)s" and message.values == {"a": 1}
