import type * as dynamic from "@pulumi/pulumi/dynamic";
import { StackSettings } from "../cloud/stack-settings";
import type { Core } from "../core";
import { InitializationError, type OperationKind } from "../errors";
import type { CheckedInputs, Inputs } from "../state/inputs";
import { omitUndefined } from "../state/omit-undefined";
import type { State } from "../state/stored-state";
import { toPlainLine } from "../text/plain-text";
import { parseDurationMs } from "../wait/duration";
import { withRemedy } from "./with-remedy";
import type { RequestTimeouts } from "./request-timeouts";
import type { PriceFilter } from "./price-filter";
import { markSecrets } from "./secret-values";
import { type HiddenProperties, omitHidden, readHidden } from "./hidden-properties";

export type DynamicInputs = Inputs & HiddenProperties;
export type DynamicCheckedInputs = CheckedInputs & HiddenProperties;
export type DynamicState = State & HiddenProperties;

export interface DynamicProviderOptions {
  readonly timeouts?: RequestTimeouts;
  readonly priceFilter?: PriceFilter;
}

/** The core as Pulumi's dynamic-provider process calls it. */
export class DynamicProvider implements dynamic.ResourceProvider<DynamicCheckedInputs, DynamicState> {
  constructor(
    private readonly core: Core,
    private readonly options: DynamicProviderOptions = {},
  ) {}

  /** Only stores the config: the engine's first calls don't wait for the end of this one. */
  configure({ config }: dynamic.ConfigureRequest): Promise<void> {
    this.core.configure(new StackSettings({ get: (key) => config.get(key) }));
    return Promise.resolve();
  }

  async check(
    olds: Partial<DynamicCheckedInputs>,
    news: DynamicInputs,
  ): Promise<dynamic.CheckResult<DynamicCheckedInputs>> {
    const { __provider, ...hidden } = readHidden(news);
    const { priceFilter } = this.options;
    if (hidden.__secrets?.includes("usdPerHour") === true) priceFilter?.hidePrices();
    const { inputs, failures } = await withRemedy(
      this.core.check({
        urn: hidden.__urn,
        inputs: omitHidden(news),
        oldInputs: omitHidden(olds),
        // As the program wrote them, so that check can validate them.
        timeouts: news.__timeouts,
        unknownArguments: hidden.__unknown ?? [],
      }),
    );
    if (failures !== undefined) {
      const filter = ({ property, reason }: (typeof failures)[number]) => ({
        property,
        reason: toPlainLine(priceFilter?.filter(reason) ?? reason),
      });
      return { failures: failures.map(filter) };
    }
    // Create and update get these inputs when nothing is unknown any more.
    const checked = omitUndefined({ ...inputs, ...hidden }) as DynamicCheckedInputs;
    return { inputs: markSecrets(checked, hidden.__secrets) };
  }

  async diff(id: string, olds: DynamicState, news: DynamicCheckedInputs): Promise<dynamic.DiffResult> {
    const { isUnchanged, replaces } = await withRemedy(
      this.core.diff({
        urn: readHidden(news).__urn,
        id,
        state: omitHidden(olds),
        inputs: omitHidden(news),
      }),
    );
    // The limits of create and update come with the inputs. That of delete must be in the state before.
    const isSame = readHidden(olds).__timeouts?.delete === readHidden(news).__timeouts?.delete;
    if (isSame && isUnchanged) return { changes: false };
    // Undecided: only then does the engine compare the inputs itself, as `ignoreChanges` and `replaceOnChanges` need it.
    return { replaces: [...replaces], deleteBeforeReplace: true };
  }

  async create(inputs: DynamicCheckedInputs): Promise<dynamic.CreateResult<DynamicState>> {
    const outs = await addHidden(inputs, this.core.create(this.createRequest("create", inputs)));
    return { id: inputs.serviceId, outs };
  }

  async update(
    id: string,
    olds: DynamicState,
    news: DynamicCheckedInputs,
  ): Promise<dynamic.UpdateResult<DynamicState>> {
    const request = { ...this.createRequest("update", news), id, state: omitHidden(olds) };
    return { outs: await addHidden(news, this.core.update(request)) };
  }

  async read(id: string, old?: DynamicState): Promise<dynamic.ReadResult<DynamicState>> {
    const hidden = readHidden(old);
    const { urn, timeoutMs } = this.createRequest("read", hidden);
    const found = await withRemedy(this.core.read({ urn, timeoutMs, id, state: omitHidden(old ?? {}) }));
    if (found === undefined) return { id: "" };
    const props = omitUndefined({ ...hidden, ...found.state });
    // The SDK types the inputs as outputs.
    const inputs = omitUndefined({ ...hidden, ...found.inputs }) as DynamicState;
    const { __secrets } = hidden;
    return { id, props: markSecrets(props, __secrets), inputs: markSecrets(inputs, __secrets) };
  }

  async delete(id: string, props: DynamicState): Promise<void> {
    const { urn, timeoutMs } = this.createRequest("delete", readHidden(props));
    await withRemedy(this.core.delete({ urn, timeoutMs, id, state: omitHidden(props) }));
  }

  private createRequest<Properties extends HiddenProperties>(kind: OperationKind, properties: Properties) {
    const { __urn, __timeouts } = readHidden(properties);
    return {
      urn: __urn,
      timeoutMs: this.options.timeouts?.getMs(kind, __urn) ?? parseDurationMs(__timeouts?.[kind] ?? ""),
      inputs: omitHidden(properties),
    };
  }
}

/** The state with the hidden properties, also if the resource was created but failed to initialize. */
async function addHidden(inputs: DynamicCheckedInputs, work: Promise<State>): Promise<DynamicState> {
  const hidden = readHidden(inputs);
  try {
    return markSecrets(omitUndefined({ ...hidden, ...(await withRemedy(work)) }), hidden.__secrets);
  } catch (error) {
    if (!(error instanceof InitializationError)) throw error;
    const properties = omitUndefined({ ...hidden, ...error.properties });
    throw Object.assign(error, { properties: markSecrets(properties, hidden.__secrets) });
  }
}
