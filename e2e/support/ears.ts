// The browser's own ears, played by the test.

/** Stands for the browser's recognition, and lets the test speak. */
export function ears(): void {
  class Ears {
    onresult?: (event: object) => void;
    onerror?: (event: object) => void;
    onend?: () => void;
    start() {
      (globalThis as Record<string, unknown>)["ears"] = this;
    }
    stop() {
      this.onend?.();
    }
    abort() {
      (globalThis as Record<string, unknown>)["aborted"] = true;
    }
    hear(...said: string[]) {
      const results = said.map((transcript) => [{ transcript }]);
      this.onresult?.({ resultIndex: 0, results });
    }
  }
  (globalThis as Record<string, unknown>)["webkitSpeechRecognition"] = Ears;
  delete (globalThis as Record<string, unknown>)["SpeechRecognition"];
}
