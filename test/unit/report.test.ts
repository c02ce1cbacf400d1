import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type AssessmentOptions, assessPreview } from "../../cli/report/assess-preview";
import * as report from "../../cli/report/render-report";
import { parsePreview } from "../../cli/report/preview";
import {
  createMessage,
  createPreview,
  createProperties,
  createStep,
  createUrn,
  OTHER_SERVICE,
  readFixture,
  SERVICE,
  type StepOptions,
} from "../support/preview-json";
import { REPOSITORY } from "../support/project";
import { PROVIDER } from "../support/provider-harness";

const NOW = new Date("2026-11-25T12:30:00Z");
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function renderMarkdown(json: string, options: Partial<AssessmentOptions> = {}): string {
  const preview = parsePreview(json);
  return report.renderMarkdown(preview, assessPreview(preview, { now: NOW, ...options }));
}

/** Returns the rows of the table without its header. */
function renderRows(json: string): string[] {
  const isRow = (line: string) =>
    line.startsWith("| ") && !line.startsWith("| action ") && !line.startsWith("| -");
  return renderMarkdown(json).split("\n").filter(isRow);
}

function renderNotes(json: string): string[] {
  return renderMarkdown(json)
    .split("\n")
    .filter((line) => line.startsWith("- "));
}

function renderVerdict(json: string, maxUsdPerMonth: number) {
  const { verdict } = assessPreview(parsePreview(json), { maxUsdPerMonth, now: NOW });
  return verdict ?? assert.fail("no verdict");
}

const createPreviewOfStep = (op: string, of: StepOptions) => createPreview([createStep(op, of)]);

describe("report of a preview recorded from the CLI", () => {
  it("shows size, cost and difference of a change, and the total with unchanged services", () => {
    assert.equal(
      renderMarkdown(readFixture("update.json")),
      [
        "<!-- pulumi-clickpipes report of shop/dev -->",
        "",
        "### ClickPipes compute: $949.00/month (+$73.00), $1.30/hour",
        "",
        "| action | service | cores | compute units | $/hour | $/month | difference per month | phase |",
        "| --- | --- | --: | --: | --: | --: | --: | --- |",
        `| update | **orders** (${SERVICE}) | 4 (16 GB) => 5 (20 GB) | 2 => 2.5 | 0.40 => 0.50 | 292.00 => 365.00 | +$73.00 |  |`,
        "| unchanged | 1 service |  | 4 | 0.80 | 584.00 |  |  |",
        "",
        "- **orders**: cost increases by $73.00/month",
        "",
      ].join("\n"),
    );
  });

  it("counts the size after destroy, or the current size if it is retained", () => {
    const report = renderMarkdown(readFixture("destroyed.json"));
    assert.match(report, /### .* \$511\.00\/month \(-\$365\.00\)/);
    assert.match(report, /\| delete \| \*\*sales\*\* .* 584\.00 => 219\.00 \| -\$365\.00 \|/);
    assert.match(
      report,
      /\*\*orders\*\*: retainOnDelete is set: the current size stays \(still \$292\.00\/month\)/,
    );
  });

  it("shows a renamed resource as one change of size", () => {
    const rows = renderRows(readFixture("rename.json"));
    assert.equal(rows.length, 1);
    assert.match(
      rows[0] ?? "",
      /\| create \| \*\*renamed\*\*, previously orders .* 292\.00 => 438\.00 \| \+\$146/,
    );
  });

  it("shows the old and the new service of a replacement", () => {
    const [oldService = "", newService = ""] = renderRows(readFixture("replace.json"));
    assert.match(oldService, /\| delete \| \*\*orders\*\* \(.*1\) \| 4 \(16 GB\) => 2 \(8 GB\)/);
    assert.match(newService, /\| replace \| \*\*orders\*\* \(.*3\) \| \? => [45] \(/);
  });

  it("shows why a resource is invalid", () => {
    const report = renderMarkdown(readFixture("refused.json"));
    assert.match(report, /\*\*The preview failed\*\*, so this report may be incomplete\.\n/);
    assert.match(report, /\| failed \| \*\*(sales|orders)\*\* \| \? \|/);
    assert.match(report, /- \*\*(sales|orders)\*\*: property cores value .* must be a whole number/);
  });

  it("shows the error of a failed program without stack trace and colors", () => {
    const report = renderMarkdown(readFixture("failed.json"));
    assert.match(
      report,
      /- error: Running program .* Error: boom &#124; &lt;b&gt;&#96;x&#96; @&#8203;everyone\n/,
    );
    assert.doesNotMatch(report, /node:internal|\u001b/);
  });

  it("marks unknown values and shows the total as a minimum", () => {
    const report = renderMarkdown(readFixture("unknown.json"));
    assert.match(report, /### ClickPipes compute: at least \$949\.00\/month/);
    assert.match(report, /\| create \| \*\*new\*\* \(ID not known yet\) \| \? => 5 \(20 GB\)/);
    assert.match(report, /\| update \| \*\*orders\*\* .* \| 4 \(16 GB\) => \? \| 2 => \? \|.*\| \? \|/);
    assert.match(report, /\*\*orders\*\*: size and cost are unknown: the value is secret or/);
  });

  it("derives a secret size from values that are not secret", () => {
    assert.match(renderMarkdown(readFixture("secret.json")), /292\.00 => 876\.00/);
  });

  it("shows which pending change the update resumes", () => {
    const notes = renderNotes(readFixture("resumed.json"));
    assert.ok(
      notes.includes("- **orders**: resumes waiting for 6 cores (24 GB); last observed: 2 cores (8 GB)"),
    );
    assert.ok(!notes.some((note) => note.includes("still pending")), "the pending change must appear once");
  });

  it("uses the size from a refresh as the size before the change", () => {
    assert.match(renderMarkdown(readFixture("drift.json")), /3 \(12 GB\) => 4 \(16 GB\)/);
  });

  it("says how many unchanged resources the preview omits", () => {
    assert.match(
      renderMarkdown(readFixture("drift.json")),
      /This preview omits 3 unchanged resources, so the total may be incomplete\. Run it with `--show-sames`\./,
    );
    assert.doesNotMatch(renderMarkdown(readFixture("update.json")), /This preview omits/);
  });
});

describe("report", () => {
  const end = "2026-12-01T00:00:00Z";
  const createBurst = (others: object, cores = 24) =>
    createProperties(cores, {
      cores: 2,
      phase: "initialLoad",
      phaseReason: "pipe shop-orders is in its initial load",
      initialLoad: { cores: 24, endBy: end },
      ...others,
    });

  it("shows the phase, the end, the reason and the next size of an initial load", () => {
    const json = createPreviewOfStep("update", { old: createProperties(2), new: createBurst({}) });
    assert.match(
      renderRows(json)[0] ?? "",
      / \| initial load until 2026-12-01T00:00:00Z, then 2 cores \(\$146\.00\/month\) \|$/,
    );
    assert.deepEqual(renderNotes(json), [
      "- **orders**: pipe shop-orders is in its initial load",
      "- **orders**: cost increases by $1,606.00/month",
    ]);
  });

  it("notes a missing endBy unless the burst is over", () => {
    const renderNotesWithoutEnd = (phase: string, cores: number) =>
      renderNotes(
        createPreviewOfStep("update", {
          old: createProperties(24),
          new: createBurst({ phase, initialLoad: { cores: 24 } }, cores),
        }),
      );
    const note =
      "- **orders**: endBy is not set: this size ($1,752.00/month) stays until the initial load finishes";
    assert.ok(renderNotesWithoutEnd("initialLoad", 24).includes(note));
    assert.ok(renderNotesWithoutEnd("unknown", 24).includes(note));
    assert.ok(!renderNotesWithoutEnd("steady", 2).join().includes("endBy"));
    assert.ok(!renderNotesWithoutEnd("unknown", 2).join().includes("endBy"));
  });

  it("notes a missing endBy once if the provider warns about it too", () => {
    const change = createStep("create", { new: createBurst({ initialLoad: { cores: 24 } }) });
    const advice = createMessage("warning", "warning: without initialLoad.endBy 24 cores stay");
    assert.equal(
      renderNotes(createPreview([change], [advice])).filter((note) => note.includes("endBy")).length,
      1,
    );
  });

  it("shows the phase of this preview, not of the last update", () => {
    const json = createPreviewOfStep("same", {
      old: createBurst({ phase: "unknown" }),
      new: createBurst({}),
    });
    assert.match(renderRows(json)[0] ?? "", /\| initial load until /);
  });

  it("shows that a burst is prepared before its pipe exists, and when it ends", () => {
    const json = createPreviewOfStep("create", { new: createBurst({ phase: "prepared" }) });
    assert.match(
      renderRows(json)[0] ?? "",
      / \| prepared for an initial load until 2026-12-01T00:00:00Z, then 2 cores \(\$146\.00\/month\) \|$/,
    );
  });

  it("notes an initial load past its endBy", () => {
    const json = createPreviewOfStep("update", {
      old: createProperties(24),
      new: createBurst({ phase: "overdue" }, 2),
    });
    assert.match(renderRows(json)[0] ?? "", /\| overdue since 2026-12-01T00:00:00Z \|$/);
    assert.match(
      renderNotes(json)[0] ?? "",
      /endBy \(2026-12-01T00:00:00Z\) passed before the initial load was confirmed as finished/,
    );
  });

  it("shows an unknown endBy as an unknown time", () => {
    const json = createPreviewOfStep("create", {
      new: createBurst({ initialLoad: { cores: 24, endBy: UNKNOWN } }),
    });
    assert.match(renderRows(json)[0] ?? "", /\| initial load until an unknown time, then/);
  });

  it("shows every unexpected phase as unknown", () => {
    for (const phase of [UNKNOWN, "[secret]", 3, "| x |"]) {
      const json = createPreviewOfStep("create", {
        new: createBurst({ phase, initialLoad: UNKNOWN, phaseReason: 4 }),
      });
      assert.match(renderRows(json)[0] ?? "", /\| unknown \(endBy unknown\) \|$/);
    }
  });

  it("shows a row for an unchanged burst", () => {
    assert.match(
      renderRows(createPreviewOfStep("same", { old: createBurst({}), new: createBurst({}) }))[0] ?? "",
      /^\| unchanged \| \*\*orders/,
    );
  });

  it("notes a size above the documented maximum", () => {
    const notes = renderNotes(createPreviewOfStep("create", { new: createProperties(32) }));
    assert.equal(notes[0], "- **orders**: 32 cores is above the documented maximum of 24");
    assert.ok(
      !renderNotes(createPreviewOfStep("create", { new: createProperties(24) }))
        .join()
        .includes("documented"),
    );
  });

  it("notes a pending change of an earlier update", () => {
    const pending = createProperties(2, { pendingCores: 8 });
    assert.deepEqual(renderNotes(createPreviewOfStep("same", { old: pending, new: createProperties(2) })), [
      "- **orders**: an earlier change to 8 cores is still pending",
    ]);
  });

  describe("of a destroy", () => {
    for (const [behavior, old, expected] of [
      [
        "prefers coresAfterDestroy over the original size",
        { coresAfterDestroy: 3, baselineCores: 2 },
        "584.00 => 219.00",
      ],
      ["shows the original size as the size after destroy", { baselineCores: 2 }, "584.00 => 146.00"],
      ["never scales up to the original size", { baselineCores: 24 }, "| 584.00 | $0.00 |"],
      ["never scales up to coresAfterDestroy", { coresAfterDestroy: 24 }, "| 584.00 | $0.00 |"],
      ["rounds the original size to the nearest legal size", { baselineCores: 0.5 }, "584.00 => 73.00"],
    ] as const) {
      it(behavior, () =>
        assert.ok(
          renderRows(createPreviewOfStep("delete", { old: createProperties(8, old) }))[0]?.includes(expected),
        ),
      );
    }

    it("notes that the current size stays if the original size is unknown", () => {
      const json = createPreviewOfStep("delete", { old: createProperties(8) });
      assert.match(renderRows(json)[0] ?? "", /\| 584\.00 \| \$0\.00 \|/);
      assert.match(
        renderNotes(json)[0] ?? "",
        /destroy keeps the current size \(still \$584\.00\/month\) because the original size is unknown/,
      );
    });

    it("notes an unknown size after destroy if it is secret", () => {
      const json = createPreviewOfStep("delete", {
        old: createProperties(8, { coresAfterDestroy: "[secret]" }),
      });
      assert.deepEqual(renderNotes(json), ["- **orders**: the size after destroy is unknown"]);
      assert.match(renderMarkdown(json), /at least \$0\.00\/month/);
    });

    it("keeps the cost of a resource that relies on another deletion, because nothing resets the size", () => {
      const bucket = "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::logs";
      const gone = createStep("delete", { old: createProperties(8), options: { deletedWith: bucket } });
      const json = createPreview([gone, { op: "delete", urn: bucket }]);
      assert.match(renderMarkdown(json), /\$584\.00\/month \(unchanged\)/);
      assert.match(renderNotes(json)[0] ?? "", /deletedWith is set: nothing resets the size/);
      assert.match(renderMarkdown(createPreview([gone])), /still \$584\.00\/month/);
    });
  });

  it("shows two resources that swap services as one change per service", () => {
    const json = createPreview([
      createStep("replace", {
        name: "a",
        old: createProperties(4),
        new: createProperties(4, { serviceId: OTHER_SERVICE }),
      }),
      createStep("replace", {
        name: "b",
        old: createProperties(8, { serviceId: OTHER_SERVICE }),
        new: createProperties(8),
      }),
    ]);
    const rows = renderRows(json);
    assert.equal(rows.length, 2);
    assert.match(rows[0] ?? "", /\*\*a\*\*, previously b .* 8 \(32 GB\) => 4/);
    assert.match(rows[1] ?? "", /\*\*b\*\*, previously a .* 4 \(16 GB\) => 8/);
  });

  it("shows a failed preview in the headline, with the cost as a minimum", () => {
    const headline = renderMarkdown(readFixture("refused.json")).split("\n")[2];
    assert.match(headline ?? "", /preview failed; at least \$[\d.]+\/month \(difference unknown\)/);
  });

  it("does not show a placeholder of an unknown value, and counts the possible burst", () => {
    const sizes = { currentCores: UNKNOWN, computeUnits: UNKNOWN, replicaCpuMillicores: UNKNOWN };
    const costs = { replicaMemoryGb: UNKNOWN, usdPerHour: UNKNOWN, usdPerMonth: UNKNOWN };
    const initialLoad = { cores: 8, endBy: "2027-01-01T00:00:00Z", pipes: [UNKNOWN] };
    const decision = { cores: 2, phase: UNKNOWN, phaseReason: UNKNOWN, initialLoad };
    const json = createPreviewOfStep("create", {
      new: { serviceId: SERVICE, ...sizes, ...costs, ...decision },
    });
    const report = renderMarkdown(json);
    assert.ok(!report.includes(UNKNOWN), report);
    assert.match(
      report,
      /compute: \$146\.00\/month, up to \$584\.00\/month until 2027-01-01T00:00Z \(difference unknown\)/,
    );
    assert.equal(renderVerdict(json, 500).isWithinLimit, false);
    assert.equal(renderVerdict(json, 600).isWithinLimit, true);
  });

  it("counts a new resource that --target leaves out as unknown cost", () => {
    const json = createPreview([
      createStep("same", { old: createProperties(4), new: createProperties(4) }),
      createStep("same", { name: "extra", new: {} }),
    ]);
    assert.match(renderRows(json)[0] ?? "", /\| skipped \| \*\*extra\*\*/);
    assert.match(renderMarkdown(json), /at least \$292\.00\/month \(difference unknown\)/);
    assert.match(renderNotes(json)[0] ?? "", /not part of this preview \(--target or --exclude\)/);
    assert.equal(renderVerdict(json, 5_000).isWithinLimit, false);
  });

  it("counts an unknown operation as unknown cost", () => {
    const json = createPreviewOfStep("suspend", { old: createProperties(4), new: createProperties(4) });
    assert.equal(renderVerdict(json, 5_000).isWithinLimit, false);
  });

  it("does not show a failure for a warning on the earlier URN of a renamed resource", () => {
    const steps = [createStep("same", { old: createProperties(4), new: createProperties(4) })];
    const json = createPreview(steps, [createMessage("warning", "warning: advice", createUrn("before"))]);
    assert.doesNotMatch(renderMarkdown(json), /failed/);
  });

  it("shows in the headline what a burst costs until its end, and the cost after it", () => {
    const initialLoad = { cores: 24, endBy: "2026-12-01T00:00:00Z" };
    const decision = { cores: 2, phase: "initialLoad", initialLoad };
    const json = createPreviewOfStep("update", {
      old: createProperties(2),
      new: createProperties(24, decision),
    });
    assert.match(
      renderMarkdown(json),
      /\$1,752\.00\/month \(\+\$1,606\.00\), \$2\.40\/hour; burst until 2026-12-01T00:00Z at the latest costs \$316\.80, then \$146\.00\/month/,
    );
  });

  it("shows in the headline that a burst without endBy lasts until the load is done", () => {
    const decision = { cores: 2, phase: "initialLoad", initialLoad: { cores: 24 } };
    const json = createPreviewOfStep("update", {
      old: createProperties(2),
      new: createProperties(24, decision),
    });
    assert.match(renderMarkdown(json), /burst until the initial load is done, then \$146\.00\/month/);
  });

  it("notes a pending change although the provider has another message", () => {
    const old = createProperties(2, { pendingCores: 8 });
    const steps = [createStep("same", { old, new: createProperties(2) })];
    const notes = renderNotes(createPreview(steps, [createMessage("info", "another message")]));
    assert.ok(notes.includes("- **orders**: an earlier change to 8 cores is still pending"));
  });

  it("shows a warning once if a replacement moves to another service", () => {
    const old = createProperties(4, { baselineCores: 2 });
    const steps = [createStep("replace", { old, new: createProperties(4, { serviceId: OTHER_SERVICE }) })];
    const notes = renderNotes(createPreview(steps, [createMessage("warning", "warning: advice")]));
    assert.equal(notes.filter((note) => note.includes("advice")).length, 1);
  });

  it("shows a replacement on the same service as one change", () => {
    assert.doesNotMatch(
      renderMarkdown(createPreviewOfStep("replace", { old: createProperties(4), new: createProperties(8) })),
      /previously/,
    );
    assert.match(
      renderRows(createPreviewOfStep("replace", { old: createProperties(4), new: createProperties(8) }))[0] ??
        "",
      /\| replace .* 4 \(16 GB\) => 8/,
    );
  });

  it("computes size and cost from currentCores alone if the state has nothing else", () => {
    const json = createPreviewOfStep("same", {
      old: { serviceId: SERVICE, cores: 4, currentCores: 4 },
      new: {},
    });
    assert.match(renderRows(json)[0] ?? "", /\| 1 service \|  \| 2 \| 0\.40 \| 292\.00 \|/);
  });

  for (const visible of [{ replicaCpuMillicores: 4_000 }, { computeUnits: 2 }]) {
    it(`computes a secret size from ${Object.keys(visible).join()} alone`, () => {
      const json = createPreviewOfStep("update", {
        old: createProperties(2),
        new: { serviceId: SERVICE, cores: "[secret]", currentCores: "[secret]", ...visible },
      });
      assert.match(renderRows(json)[0] ?? "", /=> 4 \(16 GB\) \| 1 => 2 \|/);
    });
  }

  it("escapes the project name in the hidden marker", () => {
    const stack = { op: "same", urn: "urn:pulumi:a--b::c --> <script>::pulumi:pulumi:Stack::x" };
    assert.match(
      renderMarkdown(createPreview([stack])),
      /^<!-- pulumi-clickpipes report of c _-_ _script_\/a_-b -->\n/,
    );
  });

  it("lists up to three failures and counts the rest", () => {
    const errors = [1, 2, 3, 4, 5].map((n) =>
      createMessage("error", `error: ${n}\n\u001b[90m    at file.js:1`, ""),
    );
    assert.deepEqual(renderNotes(createPreview([], errors)), [
      "- error: 1",
      "- error: 2",
      "- error: 3",
      "- 2 more not shown",
    ]);
  });

  it("prices sizes itself, and shows that the stack has another price", () => {
    const cheap = createProperties(24, { usdPerHour: 0.01, usdPerMonth: 0.01 });
    const json = createPreviewOfStep("update", { old: createProperties(2), new: cheap });
    assert.match(renderRows(json)[0] ?? "", /146\.00 => 1,752\.00/);
    assert.match(
      renderNotes(json)[0] ?? "",
      /the stack has its own price, \$0\.00 per compute unit and hour; this report doesn't use it/,
    );
    assert.equal(renderVerdict(json, 100).isWithinLimit, false);
  });

  for (const usdPerMonth of [0, -0, 1e-300, -1_752, "0x0", "1"]) {
    it(`fails the limit although the stack says that 24 cores cost ${JSON.stringify(usdPerMonth)} a month`, () => {
      const forged = createProperties(24, { usdPerHour: usdPerMonth, usdPerMonth });
      const steps = [createStep("update", { old: createProperties(2), new: forged })];
      assert.equal(renderVerdict(createPreview(steps), 100).isWithinLimit, false);
    });
  }

  it("counts a negative size as unknown, which fails the limit", () => {
    const forged = createProperties(2, {
      currentCores: -24,
      replicaCpuMillicores: -24_000,
      computeUnits: -12,
    });
    const steps = [
      createStep("update", { old: createProperties(2), new: forged }),
      createStep("update", { name: "large", old: createProperties(2), new: createProperties(24) }),
    ];
    assert.equal(renderVerdict(createPreview(steps), 1_000).isWithinLimit, false);
  });

  it("recognizes a resource of another type by the provider that it names", () => {
    const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic:Resource::hidden";
    const inputs = createProperties(24, { __provider: PROVIDER });
    const json = createPreview([{ op: "create", urn, newState: { urn, custom: true, inputs } }]);
    assert.match(renderRows(json)[0] ?? "", /\*\*hidden\*\* .*1,752\.00/);
  });

  it("uses the price of its option", () => {
    const json = createPreviewOfStep("update", { old: createProperties(2), new: createProperties(24) });
    assert.match(renderMarkdown(json, { usdPerComputeUnitHour: 0.1 }), /73\.00 => 876\.00/);
  });

  it("shows no numbers if all values are secret", () => {
    const secret = Object.fromEntries(Object.keys(createProperties(1)).map((name) => [name, "[secret]"]));
    assert.match(
      renderRows(createPreviewOfStep("update", { old: secret, new: secret }))[0] ?? "",
      /\| \? \| \? \| \? \| \? \| \? \|/,
    );
  });

  it("sorts by name, whatever the order of the steps", () => {
    const names = ["b", "a", "c", "ä", "B"];
    const steps = names.map((name, index) =>
      createStep("create", {
        name,
        new: createProperties(2, { serviceId: `00000000-0000-4000-8000-00000000001${index}` }),
      }),
    );
    assert.equal(renderMarkdown(createPreview(steps)), renderMarkdown(createPreview(steps.toReversed())));
    assert.deepEqual(
      renderRows(createPreview(steps)).map((row) => /\*\*(.*?)\*\*/.exec(row)?.[1]),
      ["B", "a", "b", "c", "ä"],
    );
  });

  it("gives a service at most 5 lines, errors first, and counts the rest", () => {
    const warnings = [1, 2, 3, 4, 5].map((n) => createMessage("warning", `warning: advice ${n}`));
    const json = createPreview(
      [createStep("update", { old: createProperties(2), new: createProperties(32) })],
      [...warnings, createMessage("error", "error: no")],
    );
    const notes = renderNotes(json);
    assert.equal(renderRows(json).length + notes.length, 5);
    assert.deepEqual(notes[0], "- **orders**: no");
    assert.deepEqual(notes.at(-1), "- **orders**: 5 more not shown");
  });

  it("shows messages on the component with the resource, without duplicates", () => {
    const component = createUrn("orders").replace("$pulumi-nodejs:dynamic/clickpipes:CdcScaling", "");
    const warnings = [
      createMessage("warning", "warning: once"),
      createMessage("warning", "warning: once", component),
    ];
    const more = createMessage("warning", "warning: of its component", component);
    const other = createMessage(
      "warning",
      "warning: of others",
      "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::b",
    );
    const json = createPreview(
      [createStep("same", { old: createProperties(2), new: createProperties(2) })],
      [...warnings, more, other],
    );
    assert.deepEqual(renderNotes(json), ["- **orders**: once", "- **orders**: of its component"]);
  });

  it("says that the preview has no ClickPipes compute", () => {
    const stack = { op: "create", urn: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev" };
    assert.equal(
      renderMarkdown(createPreview([stack])),
      "<!-- pulumi-clickpipes report of shop/dev -->\n\n### ClickPipes compute: no resources in this preview\n",
    );
  });

  it("fits into a GitHub comment with 1,000 services", () => {
    const steps = Array.from({ length: 1_000 }, (_, index) => {
      const serviceId = `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
      return createStep("create", { name: `service-${index}`, new: createProperties(2, { serviceId }) });
    });
    const report = renderMarkdown(createPreview(steps));
    assert.ok(report.length < 65_536, `${report.length} characters`);
    assert.match(report, /\$146,000\.00\/month/);
    assert.match(report, /\| \d+ more not shown \|/);
    assert.match(report, /- \d+ more lines not shown/);
  });
});

describe("cost limit of a report", () => {
  const findVerdict = (json: string, max: number) =>
    assessPreview(parsePreview(json), { maxUsdPerMonth: max, now: NOW }).verdict;
  const json = createPreview([createStep("update", { old: createProperties(2), new: createProperties(8) })]);

  it("fails if a service may burst above the limit because its phase is unknown", () => {
    const unknownPhase = createProperties(2, {
      phase: "unknown",
      cores: 2,
      initialLoad: { cores: 24 },
    });
    const json = createPreview([createStep("create", { new: unknownPhase })]);
    assert.equal(findVerdict(json, 1_752)?.isWithinLimit, true);
    assert.deepEqual(findVerdict(json, 1_751), {
      isWithinLimit: false,
      reason:
        "can't check --max-usd-per-month ($1,751.00): an initial load of orders may raise " +
        "the cost to $1,752.00/month",
    });
  });

  describe("with a declared initial load that has not begun", () => {
    const createSteadyPreview = (initialLoad: object) =>
      createPreview([
        createStep("same", { old: createProperties(2, { phase: "steady", initialLoad }) }),
        createStep("create", {
          name: "users",
          new: createProperties(2, { serviceId: UNKNOWN, phase: "steady", initialLoad }),
        }),
      ]);
    const ahead = { cores: 8, endBy: "2026-12-01T00:00:00Z" };

    it("judges the burst, which a later update may start", () => {
      assert.match(
        findVerdict(createSteadyPreview(ahead), 300)?.reason ?? "",
        /may raise the cost to \$1,168\.00\/month$/,
      );
      assert.equal(findVerdict(createSteadyPreview(ahead), 1_168)?.isWithinLimit, true);
    });

    it("judges the burst if it has no endBy", () => {
      assert.equal(findVerdict(createSteadyPreview({ cores: 8 }), 300)?.isWithinLimit, false);
    });

    it("judges the steady size once endBy has passed", () => {
      const passed = { cores: 8, endBy: "2026-11-01T00:00:00Z" };
      assert.equal(findVerdict(createSteadyPreview(passed), 292)?.isWithinLimit, true);
    });

    it("judges the size in force if told so", () => {
      const preview = parsePreview(createSteadyPreview(ahead));
      const options = { maxUsdPerMonth: 292, now: NOW, excludesLaterBursts: true };
      assert.equal(assessPreview(preview, options).verdict?.isWithinLimit, true);
    });

    it("shows the burst in the headline and in a note", () => {
      const markdown = renderMarkdown(createSteadyPreview(ahead));
      assert.match(markdown, /\$292\.00\/month, up to \$1,168\.00\/month until 2026-12-01T00:00Z/);
      assert.match(
        markdown,
        /\*\*users\*\*: initialLoad may raise the size to 8 cores \(\$584\.00\/month\) until 2026-12-01/,
      );
    });
  });

  it("passes if the cost equals the limit", () => {
    assert.deepEqual(findVerdict(json, 584), {
      isWithinLimit: true,
      reason: "$584.00/month after this change is within --max-usd-per-month ($584.00)",
    });
  });

  it("passes despite rounding errors of binary fractions", () => {
    const steps = [1, 2].map((n) => createStep("same", { name: `${n}`, old: createProperties(n) }));
    // 0.1 + 0.2 > 0.3 in binary.
    const { verdict: result } = assessPreview(parsePreview(createPreview(steps, [], 2)), {
      now: NOW,
      usdPerComputeUnitHour: 0.2 / 730,
      maxUsdPerMonth: 0.3,
    });
    assert.equal(result?.isWithinLimit, true);
  });

  it("fails if the cost is one cent above the limit", () => {
    assert.deepEqual(findVerdict(json, 583.99), {
      isWithinLimit: false,
      reason: "$584.00/month after this change is above --max-usd-per-month ($583.99)",
    });
  });

  it("counts unchanged services and the sizes after destroy", () => {
    const steps = [
      createStep("same", { name: "a", old: createProperties(2), new: createProperties(2) }),
      createStep("delete", {
        name: "b",
        old: createProperties(4, { serviceId: OTHER_SERVICE, baselineCores: 2 }),
      }),
    ];
    assert.equal(findVerdict(createPreview(steps, [], 1), 292)?.isWithinLimit, true);
    assert.equal(findVerdict(createPreview(steps, [], 1), 291)?.isWithinLimit, false);
  });

  for (const [condition, uncertain, reason] of [
    [
      "the preview failed",
      createPreview([], [createMessage("error", "error: no", "")]),
      /^can't check .*: the preview failed$/,
    ],
    [
      "a cost is unknown",
      createPreviewOfStep("create", { new: { serviceId: SERVICE } }),
      /^can't check .*: the cost of orders is unknown until the update$/,
    ],
    [
      "the preview omits resources",
      createPreview([], [], 3),
      /^can't check .*: the preview omits 3 unchanged resources; run .*--show-sames/,
    ],
  ] as const) {
    it(`fails if ${condition}`, () => {
      const { isWithinLimit, reason: actual = "" } = findVerdict(uncertain, 10_000) ?? {};
      assert.equal(isWithinLimit, false);
      assert.match(actual, reason);
    });
  }

  it("shows the reason in the report if it fails", () => {
    assert.match(
      renderMarkdown(json, { maxUsdPerMonth: 500 }),
      /\*\*Cost check failed\*\*: \$584\.00\/month .* above --max/,
    );
  });
});

describe("sample report in the README", () => {
  it("matches the output of the command", () => {
    const json = createPreview([
      createStep("update", { old: createProperties(4), new: createProperties(24) }),
      createStep("same", { name: "sales", old: createProperties(8), new: createProperties(8) }),
    ]);
    const [, section = ""] = readFileSync(join(REPOSITORY, "README.md"), "utf8").split("\n## The review\n");
    const quoted = section.split("\n## ")[0]?.match(/^>.*$/gm) ?? [];
    const simplify = (lines: readonly string[]) =>
      lines.map((line) =>
        line.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---").replaceAll(/-+:/g, "--:").trim(),
      );
    const [, , ...written] = renderMarkdown(json, { maxUsdPerMonth: 1_500 }).trimEnd().split("\n");
    assert.deepEqual(simplify(quoted.map((line) => line.replace(/^> ?/, ""))), simplify(written));
  });
});
