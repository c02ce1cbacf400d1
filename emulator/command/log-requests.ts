import type { RequestListener } from "../http/journal";

/** Writes a line for each request after its response: time, method, path and status. */
export function createRequestLog(write: (line: string) => void): RequestListener {
  return (moment, { atMs, method, path, status }) => {
    if (moment === "before") return;
    const time = new Date(atMs).toISOString().slice("2026-01-01T".length, -1);
    write(`${time} ${method} ${path} ${status ?? "no response"}\n`);
  };
}
