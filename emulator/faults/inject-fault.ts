import type { ServerResponse } from "node:http";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Fault } from "./fault";

const START_OF_BODY = '{"status":200,';

/** Returns whether the request takes effect despite the fault. */
export function isApplied(fault: Fault): boolean {
  if (fault.kind === "delay" || fault.kind === "rewrite") return true;
  return "applied" in fault && fault.applied;
}

/** Creates the response that the client gets instead of the normal one, or writes to its connection. */
export async function injectFault(
  fault: Fault,
  outgoing: ServerResponse,
  getNormalResponse: () => Response,
): Promise<Response> {
  switch (fault.kind) {
    case "status":
      return createStatusResponse(fault);
    case "rewrite":
      return new Response(fault.rewrite(await getNormalResponse().text()), getNormalResponse());
    case "delay":
      await new Promise((resolve) => setTimeout(resolve, fault.ms));
      return getNormalResponse();
    case "huge":
      return new Response("x".repeat(fault.bytes), { status: 200 });
    case "reset":
      if (fault.when === "middle") await startResponse(outgoing, { "content-length": "1000" });
      outgoing.destroy();
      return RESPONSE_ALREADY_SENT;
    case "endless":
      await startResponse(outgoing);
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

/** Sends the headers and the start of a JSON body. */
async function startResponse(outgoing: ServerResponse, headers: Record<string, string> = {}): Promise<void> {
  outgoing.writeHead(200, { "content-type": "application/json", ...headers });
  await new Promise<void>((resolve) => outgoing.write(START_OF_BODY, () => resolve()));
}
