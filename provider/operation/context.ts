import type { Client } from "../cloud/client";
import { ClientCache, type CreateTransport } from "../cloud/client-cache";
import { NO_SETTINGS, Settings, type SettingsSource } from "../cloud/settings";
import { type OperationKind, SettingsError } from "../errors";
import { Operation } from "./operation";
import { Progress } from "./progress";
import { OrganizationResolver } from "../cloud/organizations";
import { PipeReader } from "../cloud/pipes";
import { RunRegistry } from "./run-registry";
import type { Clock } from "../wait/clock";
import type { Engine } from "./engine";

/** How long an operation may take, unless `customTimeouts` sets another limit. */
const DEFAULT_TIMEOUT_MS: Record<OperationKind, number> = {
  create: 30 * 60_000,
  read: 2 * 60_000,
  update: 20 * 60_000,
  delete: 20 * 60_000,
};

/** What the operations of one process share: the configuration, one limiter per key, and what the run declares. */
export class ProviderContext {
  readonly run = new RunRegistry();
  readonly pipes: PipeReader;
  readonly organizations = new OrganizationResolver();
  settings = new Settings(NO_SETTINGS);
  private readonly clients: ClientCache;

  constructor(
    readonly engine: Engine,
    readonly clock: Clock,
    transportOf?: CreateTransport,
  ) {
    this.clients = new ClientCache(clock, transportOf);
    this.pipes = new PipeReader(clock);
  }

  configure(source: SettingsSource): void {
    this.settings = new Settings(source);
  }

  /** `operation` is what the client is for, as a gerund, for the error if a setting is missing. */
  getClient(operation: string): Client {
    return this.clients.get(this.settings.getConnection(operation));
  }

  createProgress(urn: string): Progress {
    return new Progress(this.engine, urn);
  }

  createOperation(
    kind: OperationKind,
    client: Client,
    {
      urn,
      timeoutMs = DEFAULT_TIMEOUT_MS[kind],
    }: { readonly urn: string; readonly timeoutMs?: number | undefined },
  ): Operation {
    const { clock, engine } = this;
    const progress = this.createProgress(urn);
    const slotHint = () => this.run.slotHint;
    return new Operation({ kind, client, clock, progress, timeoutMs, engine, slotHint });
  }

  /** Lists what is wrong with the configuration, also for a preview that doesn't need it. */
  listConfigurationErrors(): SettingsError[] {
    const errors: SettingsError[] = [];
    for (const read of [
      () => this.settings.getApiUrl("reading the API address"),
      () => this.settings.assertKeyDestination("reading the API key"),
      () => this.settings.organizationId,
      () => this.getUnitPrice(),
    ]) {
      try {
        read();
      } catch (error) {
        if (!(error instanceof SettingsError)) throw error;
        errors.push(error);
      }
    }
    return errors;
  }

  getUnitPrice(): number | undefined {
    return this.settings.usdPerComputeUnitHour;
  }
}
