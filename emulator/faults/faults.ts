/** What goes wrong with a request. `applied`: it takes effect all the same. */
export type Fault =
  /** An answer of that status: an error envelope, or the given body. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly applied?: boolean;
    }
  /** The connection breaks before an answer, or in the middle of one. */
  | { readonly kind: "reset"; readonly when: "before" | "middle"; readonly applied?: boolean }
  /** No answer ever comes. */
  | { readonly kind: "silence"; readonly applied?: boolean }
  /** The answer begins and never ends. */
  | { readonly kind: "endless"; readonly applied?: boolean }
  /** The answer is larger than that. */
  | { readonly kind: "huge"; readonly bytes: number; readonly applied?: boolean }
  /** The right status with another body: cut JSON, an empty one, wrong types, unknown fields. */
  | { readonly kind: "rewrite"; readonly rewrite: (body: string) => string; readonly applied?: boolean }
  /** The right answer, late, in real time. */
  | { readonly kind: "delay"; readonly ms: number };

export interface FaultRule {
  readonly method?: string;
  readonly path?: RegExp;
  /** So many matching requests pass first. Default: none. */
  readonly after?: number;
  /** How many requests it hits. Default: once; no effect with `forMs`. */
  readonly times?: number;
  /** For how long it hits all that match, from the first. */
  readonly forMs?: number;
  readonly fault: Fault;
}

interface Scripted {
  readonly rule: FaultRule;
  passed: number;
  hits: number;
  firstAtMs: number | undefined;
}

/** Faults in the order they were scripted; the first that applies is used. */
export class Faults {
  private scripted: Scripted[] = [];

  add(rule: FaultRule): void {
    this.scripted.push({ rule, passed: 0, hits: 0, firstAtMs: undefined });
  }

  clear(): void {
    this.scripted = [];
  }

  match(method: string, path: string, nowMs: number): Fault | undefined {
    for (const script of this.scripted) {
      const { rule } = script;
      if (rule.method !== undefined && rule.method !== method) continue;
      if (rule.path !== undefined && !rule.path.test(path)) continue;
      if (script.passed < (rule.after ?? 0)) {
        script.passed++;
        continue;
      }
      script.firstAtMs ??= nowMs;
      const isOver =
        rule.forMs === undefined ? script.hits >= (rule.times ?? 1) : nowMs - script.firstAtMs > rule.forMs;
      if (isOver) continue;
      script.hits++;
      return rule.fault;
    }
    return undefined;
  }
}
