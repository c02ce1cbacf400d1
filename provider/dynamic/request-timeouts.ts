import type { OperationKind } from "../errors";
import { requireFromSdk } from "./require-from-sdk";

/** The messages of the SDK that carry `customTimeouts`. */
const REQUEST_NAMES = { create: "CreateRequest", update: "UpdateRequest", delete: "DeleteRequest" } as const;

/** An older SDK may lack the fields in some requests. */
interface TimedRequest {
  getUrn?: () => string;
  /** Seconds; 0 if there is no custom timeout. */
  getTimeout?: () => number;
}

interface RequestType {
  deserializeBinary(bytes: Uint8Array): TimedRequest;
}

/**
 * The timeouts in the engine's requests. They are `customTimeouts` after all transformations and transforms, which the constructor of a
 * resource doesn't see. The SDK decodes and drops them, so this listens to its decoder. That is undocumented: with an SDK that decodes in
 * another way, nothing is heard, and the options of the resource apply. Tried with SDK 3.216, 3.248 and 3.270.
 */
export class RequestTimeouts {
  private readonly timeouts = new Map<string, number>();

  /** Listens to the requests that this process decodes from now on. The first delete of a command has been decoded before. */
  listen(): void {
    try {
      const messages = requireFromSdk("@pulumi/pulumi/proto/provider_pb") as Record<string, RequestType>;
      for (const [kind, name] of Object.entries(REQUEST_NAMES)) this.listenTo(messages[name], kind);
    } catch {
      // Without the SDK's messages there is nothing to listen to.
    }
  }

  /** Milliseconds. Undefined if the request had no timeout or was not heard. */
  getMs(kind: OperationKind, urn: string): number | undefined {
    return this.timeouts.get(`${kind} ${urn}`);
  }

  private listenTo(type: RequestType | undefined, kind: string): void {
    if (type === undefined) return;
    const decode = type.deserializeBinary.bind(type);
    type.deserializeBinary = (bytes) => {
      const request = decode(bytes);
      this.remember(kind, request);
      return request;
    };
  }

  private remember(kind: string, request: TimedRequest): void {
    const seconds = request.getTimeout?.() ?? 0;
    const urn = request.getUrn?.() ?? "";
    if (seconds > 0) this.timeouts.set(`${kind} ${urn}`, seconds * 1_000);
  }
}
