// A scripted OpenAI-compatible model: it says what a test tells it to, in the pieces and at the moment the test chooses.

import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Gate } from "./gate.ts";

/** A part of an answer: words to send, a gate to wait at, a tool to call, thoughts, or why it ends. */
export type Part = string | Gate | { tool: string; arguments: unknown } | { reasoning: string } | { finish: string };

export interface ModelRequest {
  messages: { role: string; content?: unknown }[];
  tools?: { function: { name: string } }[];
}

export class FakeModel {
  /** Every request, in order. */
  readonly requests: ModelRequest[] = [];
  readonly #answers: Part[][] = [];
  #status = 200;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<FakeModel> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const model = new FakeModel(server, `http://127.0.0.1:${port}/v1`);
    server.on("request", (request, response) => void model.#serve(request, response));
    return model;
  }

  /** The environment of a server that uses this model. */
  settings(): NodeJS.ProcessEnv {
    return { SAYDO_MODEL: "openai", OPENAI_BASE_URL: this.url, OPENAI_API_KEY: "none", OPENAI_MODEL: "scripted" };
  }

  /** Answers the next request with these parts. */
  says(...parts: Part[]): void {
    this.#answers.push(parts);
  }

  /** Answers every request with this status until told otherwise by [`works`]. */
  fails(status: number): void {
    this.#status = status;
  }

  works(): void {
    this.#status = 200;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // What the server asks at its start.
    if (request.method === "GET") {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ object: "list", data: [{ id: "scripted", object: "model" }] }));
      return;
    }
    let text = "";
    for await (const piece of request) {
      text += piece;
    }
    this.requests.push(JSON.parse(text) as ModelRequest);
    if (this.#status !== 200) {
      response.writeHead(this.#status, { "content-type": "application/json" });
      response.end(JSON.stringify({ error: { message: "scripted failure", type: "server_error", code: null } }));
      return;
    }
    const parts = this.#answers.shift() ?? ["I have nothing to say."];
    response.writeHead(200, { "content-type": "text/event-stream" });
    const send = (delta: object, finish: string | null) => {
      const choice = { index: 0, delta, finish_reason: finish };
      const chunk = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 0, model: "scripted", choices: [choice] };
      response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    };
    let calls = 0;
    let finish = "stop";
    for (const part of parts) {
      if (part instanceof Gate) {
        await part.opened;
      } else if (typeof part === "string") {
        send({ role: "assistant", content: part }, null);
      } else if ("finish" in part) {
        finish = part.finish;
      } else if ("reasoning" in part) {
        send({ role: "assistant", reasoning_content: part.reasoning }, null);
      } else {
        const call = { name: part.tool, arguments: JSON.stringify(part.arguments) };
        const id = `call_${this.requests.length}_${calls}`;
        send({ role: "assistant", tool_calls: [{ index: calls, id, type: "function", function: call }] }, null);
        calls += 1;
      }
    }
    send({}, calls > 0 ? "tool_calls" : finish);
    response.end("data: [DONE]\n\n");
  }
}
