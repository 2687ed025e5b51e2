import { defineConfig, type PlaywrightTestOptions, type PlaywrightWorkerOptions } from "@playwright/test";

const chromium = process.env.SAYDO_CHROMIUM ?? "/usr/bin/chromium";
const asRoot = process.getuid?.() === 0;

const page: Partial<PlaywrightTestOptions & PlaywrightWorkerOptions> = {
  browserName: "chromium",
  locale: "en-GB",
  timezoneId: "Europe/Berlin",
  viewport: { width: 1440, height: 900 },
  serviceWorkers: "block",
  launchOptions: {
    executablePath: chromium,
    // What a browser does on its own account would otherwise count as the page's.
    args: [
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-domain-reliability",
      "--disable-sync",
      "--no-first-run",
      "--no-pings",
      ...(asRoot ? ["--no-sandbox"] : []),
    ],
  },
};

export default defineConfig({
  forbidOnly: !!process.env.CI,
  // On one that is deployed, a test that kills it would meet the others.
  workers: process.env.SAYDO_E2E_URL ? 1 : 3,
  retries: 0,
  timeout: 30_000,
  globalTimeout: 15 * 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  projects: [
    { name: "browser", testDir: "tests", fullyParallel: true, use: page },
    // What is kept, on the other database.
    { name: "postgres", testDir: "tests", testMatch: /(conversations|history|questions|restart|session|spine)\.spec\.ts/, fullyParallel: true, use: page },
    { name: "peers", testDir: "peers", testMatch: "*.test.ts" },
    { name: "openapi", testDir: "openapi", testMatch: "*.test.ts" },
  ],
});
