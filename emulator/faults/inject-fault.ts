import type { ServerResponse } from "node:http";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Fault } from "./faults";

/** Whether the request is handled before its answer is broken. */
export function isApplied(fault: Fault): boolean {
  if (fault.kind === "delay" || fault.kind === "rewrite") return true;
  return "applied" in fault && fault.applied;
}

/** What the client gets in place of the right answer. */
export async function injectFault(
  fault: Fault,
  outgoing: ServerResponse,
  right: () => Response,
): Promise<Response> {
  switch (fault.kind) {
    case "status":
      return createStatusResponse(fault);
    case "rewrite":
      return new Response(fault.rewrite(await right().text()), right());
    case "delay":
      await new Promise((resolve) => setTimeout(resolve, fault.ms));
      return right();
    case "huge":
      return new Response("x".repeat(fault.bytes), { status: 200 });
    case "reset":
      if (fault.when === "middle") {
        outgoing.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
        await new Promise<void>((resolve) => outgoing.write('{"status":200,', () => resolve()));
      }
      outgoing.destroy();
      return RESPONSE_ALREADY_SENT;
    case "endless":
      outgoing.writeHead(200, { "content-type": "application/json" });
      outgoing.write('{"status":200,');
      return RESPONSE_ALREADY_SENT;
    case "silence":
      return RESPONSE_ALREADY_SENT;
  }
}

function createStatusResponse({ status, body, headers }: Extract<Fault, { kind: "status" }>): Response {
  const isHtml = body !== undefined;
  const envelope = { status, error: "scripted", requestId: crypto.randomUUID() };
  return new Response(body ?? JSON.stringify(envelope), {
    status,
    headers: { "content-type": isHtml ? "text/html" : "application/json", ...headers },
  });
}
