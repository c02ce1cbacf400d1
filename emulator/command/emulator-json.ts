import type { Emulator } from "../server/start-emulator";

/** What `emulator --json` prints once it runs. Scripts read it: fields may be added, and are never renamed or removed. */
export interface EmulatorJson {
  readonly url: string;
  /** The variables that a stack needs. */
  readonly environment: Readonly<Record<string, string>>;
  readonly services: readonly {
    readonly id: string;
    readonly name: string;
    readonly state: string;
    readonly cores: number;
    readonly pipes: readonly {
      readonly id: string;
      readonly name: string;
      readonly kind: string;
      readonly state: string;
    }[];
  }[];
}

export function toEmulatorJson({ url, environment, cloud }: Emulator): EmulatorJson {
  const nowMs = cloud.clock.now();
  const services = cloud.listServices().map(({ id, name, state, pipes }) => ({
    id,
    name,
    state,
    cores: cloud.getCores(id),
    pipes: pipes.map((pipe) => ({
      id: pipe.id,
      name: pipe.name,
      kind: pipe.kind,
      state: pipe.getState(nowMs),
    })),
  }));
  return { url, environment, services };
}
