import type { Client } from "../cloud/client";
import { Clients, type TransportOf } from "../cloud/client-cache";
import { Credentials, type StackConfig } from "../cloud/settings";
import { SettingsError } from "../errors";
import { type Kind, Operation } from "./operation";
import { Progress } from "./progress";
import { OrganizationResolver } from "../cloud/organizations";
import { PipeLooks } from "../cloud/pipes";
import { Run } from "./run-registry";
import type { Clock } from "../wait/clock";
import { parseDurationMs } from "../wait/duration";
import type { Engine } from "./engine";

/** How long an operation may take, where `customTimeouts` says nothing. */
const DEFAULT_LIMIT_MS: Record<Kind, number> = {
  create: 30 * 60_000,
  read: 2 * 60_000,
  update: 20 * 60_000,
  delete: 20 * 60_000,
};

/** What the operations of one process share: the configuration, one limiter for each key, what the run declares. */
export class Session {
  readonly run = new Run();
  readonly pipes: PipeLooks;
  readonly organizations = new OrganizationResolver();
  credentials = new Credentials({ get: () => undefined });
  private readonly clients: Clients;

  constructor(
    readonly engine: Engine,
    readonly clock: Clock,
    transportOf?: TransportOf,
  ) {
    this.clients = new Clients(clock, transportOf);
    this.pipes = new PipeLooks(clock);
  }

  configure(config: StackConfig): void {
    this.credentials = new Credentials(config);
  }

  client(asked: string): Client {
    return this.clients.of(this.credentials.apiUrl(asked), this.credentials.key(asked));
  }

  progress(urn: string): Progress {
    return new Progress(this.engine, urn);
  }

  operation(
    kind: Kind,
    client: Client,
    settings: { __urn: string; __timeouts?: Readonly<Record<string, string>> | undefined },
  ): Operation {
    const limitMs = parseDurationMs(settings.__timeouts?.[kind] ?? "") ?? DEFAULT_LIMIT_MS[kind];
    const { clock, engine } = this;
    const progress = this.progress(settings.__urn);
    const slotHint = () => this.run.slotHint;
    return new Operation({ kind, client, clock, progress, limitMs, engine, slotHint });
  }

  /** What of the configuration is wrong, for a preview, which needs none of it. */
  configurationFaults(): string[] {
    const faults: string[] = [];
    for (const read of [
      () => this.credentials.apiUrl("check the API address"),
      () => this.credentials.organizationId,
      () => this.unitPrice(),
    ]) {
      try {
        read();
      } catch (error) {
        if (!(error instanceof SettingsError)) throw error;
        faults.push(error.message);
      }
    }
    return faults;
  }

  unitPrice(): number | undefined {
    return this.credentials.usdPerComputeUnitHour;
  }
}
