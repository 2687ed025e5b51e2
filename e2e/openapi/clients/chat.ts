// Signs up, chats and lists conversations, through the client that openapi-typescript and openapi-fetch make.

import createClient from "openapi-fetch";
import type { paths } from "../generated/api.js";

const [, , baseUrl, message] = process.argv;
if (!baseUrl || !message) {
  throw new Error("usage: chat.js <origin> <message>");
}

/** What the server answered; any refusal ends the program. */
function answered<T>({ data, error }: { data?: T; error?: unknown }): T {
  if (data === undefined) {
    throw new Error(JSON.stringify(error));
  }
  return data;
}

const visitor = createClient<paths>({ baseUrl });
const person = { name: "Ann Example", email: "typescript@example.com", password: "correct horse battery" };
const { token: session, user } = answered(await visitor.POST("/api/auth/sign-up/email", { body: person }));
const { token } = answered(await visitor.GET("/api/auth/token", { headers: { authorization: `Bearer ${session}` } }));

const client = createClient<paths>({ baseUrl, headers: { authorization: `Bearer ${token}` } });
const path = { user_id: user.id };
const reply = answered(
  await client.POST("/api/{user_id}/chat", { params: { path, header: { "Time-Zone": "Europe/Berlin" } }, body: { message } }),
);
const page = answered(await client.GET("/api/{user_id}/conversations", { params: { path, query: { limit: 10 } } }));
const refused = await client.GET("/api/{user_id}/conversations", { params: { path: { user_id: "somebody-else" } } });

// A chat is answered whole or as events; nothing asked for events.
if (!("response" in reply)) {
  throw new Error(`an event: ${reply.type}`);
}
console.log(
  JSON.stringify({
    tools: reply.tool_calls.map((call) => call.tool),
    conversation: reply.conversation_id,
    listed: page.items.map((item) => ({ id: item.id, title: item.title })),
    refused: refused.error?.type,
  }),
);
