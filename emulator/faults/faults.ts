import type { Fault, FaultRule } from "./fault";

interface RuleState {
  readonly rule: FaultRule;
  passed: number;
  hits: number;
  firstHitAtMs: number | undefined;
}

/**
 * The scripted faults. If several rules match a request, the one added first applies.
 *
 * @public
 */
export class Faults {
  private states: RuleState[] = [];

  /** Adds a rule. The first rule that matches a request applies. */
  add(rule: FaultRule): void {
    this.states.push({ rule, passed: 0, hits: 0, firstHitAtMs: undefined });
  }

  /** Removes all rules. */
  clear(): void {
    this.states = [];
  }

  /** Returns the fault that hits this request, and counts the request for its rule. */
  match(method: string, path: string, nowMs: number): Fault | undefined {
    for (const state of this.states) {
      if (matchesRequest(state.rule, method, path) && countHit(state, nowMs)) return state.rule.fault;
    }
    return undefined;
  }
}

function matchesRequest(rule: FaultRule, method: string, path: string): boolean {
  if (rule.method !== undefined && rule.method !== method) return false;
  return rule.path === undefined || rule.path.test(path);
}

/** Counts a matching request. Returns whether the rule hits it. */
function countHit(state: RuleState, nowMs: number): boolean {
  const { after = 0, times = 1, forMs } = state.rule;
  if (state.passed < after) {
    state.passed++;
    return false;
  }
  state.firstHitAtMs ??= nowMs;
  const isOver = forMs === undefined ? state.hits >= times : nowMs - state.firstHitAtMs > forMs;
  if (isOver) return false;
  state.hits++;
  return true;
}
