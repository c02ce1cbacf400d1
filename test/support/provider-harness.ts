import {
  DEFAULT_ORGANIZATION_ID,
  DEFAULT_SERVICE_ID,
  type EmulatorOptions,
  startEmulator,
} from "../../emulator";
import { isArgumentName } from "../../provider/state/argument-names";
import { FakeEngine } from "../../simulation/fake-engine";
import { createProgramFolder } from "./project";
import { type Properties, ProviderProcess } from "./provider-process";

export const URN = createUrn("orders");

export function createUrn(name: string): string {
  return `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clickpipes:CdcScaling::${name}`;
}

/** What the SDK puts into the state of every resource. */
export const PROVIDER =
  'exports.handler=()=>{try{return require("pulumi-clickpipes/provider").provider}catch(e){e.stack="";' +
  'e.message="Install pulumi-clickpipes, its resources need it: "+e.message.split("\\n")[0];throw e}}';

/** The inputs of "orders" as the SDK hands them over. */
export function createInputs(inputs: Properties = {}): Properties {
  const unknown = Object.keys(inputs).filter((name) => !isArgumentName(name) && !name.startsWith("__"));
  return {
    ...(unknown.length === 0 ? {} : { __unknown: unknown }),
    serviceId: DEFAULT_SERVICE_ID,
    organizationId: DEFAULT_ORGANIZATION_ID,
    cores: 8,
    __urn: URN,
    __provider: PROVIDER,
    ...inputs,
  };
}

/** An emulated cloud, an engine's other end, and a program's folder, for dynamic-provider processes. */
export async function startProviderHarness(options: EmulatorOptions = {}) {
  const emulator = await startEmulator({ convergenceMs: 0, ...options });
  const engine = await FakeEngine.start();
  const folder = createProgramFolder();
  const started: ProviderProcess[] = [];
  /** Another process, as each `pulumi` command starts one. */
  const start = async (variables: NodeJS.ProcessEnv = emulator.environment, ...flags: string[]) => {
    const process = await ProviderProcess.start(folder.path, engine, variables, flags);
    started.push(process);
    return process;
  };
  const close = async () => {
    await Promise.all(started.map((process) => process.end()));
    engine.kill();
    await emulator.close();
    folder.remove();
  };
  return { emulator, engine, folder: folder.path, start, close };
}

export type ProviderHarness = Awaited<ReturnType<typeof startProviderHarness>>;
