import { defineConfig } from "@playwright/test";

const chromium = process.env.SAYDO_CHROMIUM ?? "/usr/bin/chromium";
const asRoot = process.getuid?.() === 0;

export default defineConfig({
  forbidOnly: !!process.env.CI,
  workers: 1,
  retries: 0,
  timeout: 30_000,
  globalTimeout: 15 * 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  projects: [
    {
      name: "browser",
      testDir: "tests",
      use: {
        browserName: "chromium",
        locale: "en-GB",
        timezoneId: "Europe/Berlin",
        viewport: { width: 1440, height: 900 },
        serviceWorkers: "block",
        trace: "retain-on-failure",
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
      },
    },
    { name: "peers", testDir: "peers", testMatch: "*.test.ts" },
  ],
});
