"""Signs up, chats and lists conversations, through the client that openapi-python-client makes."""

import json
import sys

from saydo_client import AuthenticatedClient, Client
from saydo_client.api.chat import chat
from saydo_client.api.conversations import list_conversations
from saydo_client.api.sign_in import get_token, sign_up_email
from saydo_client.models import ChatRequest, Problem, SignUpEmail

origin, message = sys.argv[1:]

person = SignUpEmail(name="Ann Example", email="python@example.com", password="correct horse battery")
account = sign_up_email.sync(client=Client(origin), body=person)
token = get_token.sync(client=AuthenticatedClient(origin, account.token)).token

with AuthenticatedClient(origin, token) as client:
    reply = chat.sync(account.user.id, client=client, body=ChatRequest(message=message), time_zone="Europe/Berlin")
    page = list_conversations.sync(account.user.id, client=client, limit=10)
    refused = list_conversations.sync("somebody-else", client=client)

assert isinstance(refused, Problem), refused
print(
    json.dumps(
        {
            "tools": [call.tool for call in reply.tool_calls],
            "conversation": reply.conversation_id,
            "listed": [{"id": item.id, "title": item.title} for item in page.items],
            "refused": refused.type_,
        }
    )
)
