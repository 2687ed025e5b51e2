// A running Saydo: with a database of its own, or one that is deployed already.

import { type ChildProcess, execFileSync, execSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

// Longer than the server gives a statement, so that its log tells why it was not ready.
const PATIENCE = 45_000;

export class Saydo {
  #process: ChildProcess | undefined;

  private constructor(
    readonly origin: string,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly folder: string | undefined,
    private readonly database: string | undefined,
  ) {}

  /**
   * The one at `SAYDO_E2E_URL`, if that is given; else starts a server on a free port: on PostgreSQL where
   * `SAYDO_E2E_POSTGRES` gives one, else on SQLite.
   */
  static async start(settings: NodeJS.ProcessEnv = {}): Promise<Saydo> {
    const deployed = process.env.SAYDO_E2E_URL;
    if (deployed) {
      if (Object.keys(settings).length > 0) {
        throw new Error("a deployed server has its own settings; this test needs one that it starts");
      }
      return new Saydo(deployed, {}, undefined, undefined);
    }
    const folder = mkdtempSync(join(tmpdir(), "saydo-e2e-"));
    const address = settings.SAYDO_LISTEN ?? `127.0.0.1:${await freePort()}`;
    const postgres = process.env.SAYDO_E2E_POSTGRES;
    const database = postgres ? `saydo_e2e_${randomBytes(6).toString("hex")}` : undefined;
    if (postgres && database) {
      psql(postgres, `create database ${database}`);
    }
    const saydo = new Saydo(
      `http://${address.replace("0.0.0.0", lanAddress)}`,
      {
        PATH: process.env.PATH,
        BETTER_AUTH_SECRET: randomBytes(32).toString("base64"),
        DATABASE_URL: database ? sibling(postgres!, database) : `sqlite://${folder}/saydo.db?mode=rwc`,
        RUST_LOG: "info",
        SAYDO_LISTEN: address,
        SAYDO_MODEL: "offline",
        // Every test comes from one address.
        SAYDO_RATE_LIMIT: "off",
        SAYDO_SITE: process.env.SAYDO_E2E_SITE,
        ...settings,
      },
      folder,
      database,
    );
    await saydo.#run();
    return saydo;
  }

  /** What the server has written so far. */
  log(): string {
    return this.folder ? readFileSync(join(this.folder, "log"), "utf8") : "";
  }

  /** Kills the server as a power cut would, and starts it again with the same database. */
  async killAndStart(): Promise<void> {
    const command = process.env.SAYDO_E2E_KILL_AND_START;
    if (!this.folder && command) {
      execSync(command, { stdio: ["ignore", "ignore", "pipe"] });
      return;
    }
    await this.kill();
    await this.start();
  }

  /** Kills a server that this started. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Starts it again, with the same database and, where they are given, other settings. */
  async start(settings: NodeJS.ProcessEnv = {}): Promise<void> {
    await this.#run(settings);
  }

  async stop(): Promise<void> {
    if (!this.folder) {
      return;
    }
    await this.#end("SIGTERM");
    if (this.database) {
      psql(process.env.SAYDO_E2E_POSTGRES!, `drop database ${this.database} with (force)`);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #run(settings: NodeJS.ProcessEnv = {}): Promise<void> {
    const binary = process.env.SAYDO_E2E_BINARY;
    if (!binary) {
      throw new Error("SAYDO_E2E_BINARY must name the server: `cargo xtask test --only browser-sqlite` does");
    }
    const log = join(this.folder!, "log");
    const server = spawn(binary, [], { env: { ...this.environment, ...settings }, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [server.stdout, server.stderr]) {
      stream.on("data", (bytes: Buffer) => appendFileSync(log, bytes));
    }
    this.#process = server;
    const deadline = Date.now() + PATIENCE;
    while (Date.now() < deadline) {
      if (server.exitCode !== null) {
        throw new Error(`the server ended at its start: ${this.log()}`);
      }
      const ready = await fetch(`${this.origin}/readyz`, { signal: AbortSignal.timeout(2_000) }).then((answer) => answer.ok, () => false);
      if (ready) {
        return;
      }
      await pause(20);
    }
    throw new Error(`the server was not ready within ${PATIENCE} ms: ${this.log()}`);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const server = this.#process;
    if (server && server.exitCode === null && server.signalCode === null) {
      const ended = once(server, "exit");
      server.kill(signal);
      const late = globalThis.setTimeout(() => server.kill("SIGKILL"), PATIENCE);
      await ended;
      clearTimeout(late);
    }
  }
}

/** An address under which other machines reach this one. */
export function lanAddress(): string {
  const found = Object.values(networkInterfaces()).flat().find((face) => face?.family === "IPv4" && !face.internal);
  if (!found) {
    throw new Error("this machine has no network: `SAYDO_LISTEN=0.0.0.0:…` cannot be tried");
  }
  return found.address;
}

export async function freePort(): Promise<number> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as { port: number };
  listener.close();
  await once(listener, "close");
  return port;
}

function psql(url: string, statement: string): void {
  execFileSync("psql", ["--quiet", "--no-psqlrc", url, "--command", statement], { stdio: ["ignore", "ignore", "pipe"] });
}

function sibling(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.toString();
}
