"""WhatsApp over Twilio: the same API, numbers with a prefix, approved texts by their content SID."""

import json
from collections.abc import Mapping

from aldia.channels.mail import Mail, NotSent
from aldia.channels.twilio import TwilioAccount, TwilioTransport
from aldia.channels.whatsapp.session import NO_TEMPLATE, InSession, lacking
from aldia.rules.texts.approved import Approved, parameters


class TwilioWhatsApp(TwilioTransport):
    """approved: our template → what was approved for it, named by its content SID."""

    prefix = "whatsapp:"

    def __init__(
        self, account: TwilioAccount, approved: Mapping[str, Approved], in_session: InSession
    ) -> None:
        super().__init__(account)
        self._approved, self._in_session = approved, in_session

    def content(self, mail: Mail) -> Mapping[str, str] | NotSent:
        """The approved text with its values, else free text to whoever has written."""
        approved = self._approved.get(mail.template)
        if approved is None:
            return {"Body": mail.text} if self._in_session(mail.recipient) else NO_TEMPLATE
        values = parameters(approved, mail.values)
        refused = lacking(approved.name, dict(values))
        if refused is not None:
            return refused
        numbered = {str(number): value for number, (_name, value) in enumerate(values, 1)}
        return {
            "ContentSid": approved.name,
            "ContentVariables": json.dumps(numbered, ensure_ascii=False),
        }
