import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { renderReport } from "../../cli/report/render-report";
import { parsePreview } from "../../cli/report/preview";
import {
  message,
  OTHER_SERVICE,
  preview,
  printed,
  SERVICE,
  sized,
  step,
  type StepOf,
  urnOf,
} from "../support/preview-json";
import { REPOSITORY } from "../support/project";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function markdownOf(json: string): string {
  return renderReport(parsePreview(json)).markdown;
}

/** The table's rows, without its head. */
function rowsOf(json: string): string[] {
  const isRow = (line: string) =>
    line.startsWith("| ") && !line.startsWith("| action ") && !line.startsWith("| -");
  return markdownOf(json).split("\n").filter(isRow);
}

function risksOf(json: string): string[] {
  return markdownOf(json)
    .split("\n")
    .filter((line) => line.startsWith("- "));
}

const one = (op: string, of: StepOf) => preview([step(op, of)]);

describe("the report on a preview that the real CLI printed", () => {
  it("shows size, units, cost and difference of a change, counts what stays, and sums it up", () => {
    assert.equal(
      markdownOf(printed("update.json")),
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

  it("counts what a destroy leaves: the size from before, or all of it where it is retained", () => {
    const report = markdownOf(printed("destroyed.json"));
    assert.match(report, /### .* \$511\.00\/month \(-\$365\.00\)/);
    assert.match(report, /\| delete \| \*\*sales\*\* .* 584\.00 => 219\.00 \| -\$365\.00 \|/);
    assert.match(
      report,
      /\*\*orders\*\*: retainOnDelete is set: the current size stays \(still \$292\.00\/month\)/,
    );
  });

  it("shows a renamed resource as one service that goes from one size to another", () => {
    const rows = rowsOf(printed("rename.json"));
    assert.equal(rows.length, 1);
    assert.match(
      rows[0] ?? "",
      /\| create \| \*\*renamed\*\*, previously orders .* 292\.00 => 438\.00 \| \+\$146/,
    );
  });

  it("shows both services of a replacement, one left and one new", () => {
    const [left = "", taken = ""] = rowsOf(printed("replace.json"));
    assert.match(left, /\| delete \| \*\*orders\*\* \(.*1\) \| 4 \(16 GB\) => 2 \(8 GB\)/);
    assert.match(taken, /\| replace \| \*\*orders\*\* \(.*3\) \| \? => [45] \(/);
  });

  it("gives the reason why a resource is refused", () => {
    const report = markdownOf(printed("refused.json"));
    assert.match(report, /\*\*The preview failed\*\*, so this report may be incomplete\.\n/);
    assert.match(report, /\| failed \| \*\*(sales|orders)\*\* \| \? \|/);
    assert.match(report, /- \*\*(sales|orders)\*\*: property cores value .* is not allowed/);
  });

  it("gives the reason of a program that fails, without its stack trace and its colours", () => {
    const report = markdownOf(printed("failed.json"));
    assert.match(
      report,
      /- error: Running program .* Error: boom &#124; &lt;b&gt;&#96;x&#96; @&#8203;everyone\n/,
    );
    assert.doesNotMatch(report, /node:internal|\u001b/);
  });

  it("says what it does not know, and that the sum is the least", () => {
    const report = markdownOf(printed("unknown.json"));
    assert.match(report, /### ClickPipes compute: at least \$949\.00\/month/);
    assert.match(report, /\| create \| \*\*new\*\* \(ID not known yet\) \| \? => 5 \(20 GB\)/);
    assert.match(report, /\| update \| \*\*orders\*\* .* \| 4 \(16 GB\) => \? \| 2 => \? \|.*\| \? \|/);
    assert.match(report, /\*\*orders\*\*: size and cost are unknown: the value is secret or/);
  });

  it("takes what is not secret for a size that is", () => {
    assert.match(markdownOf(printed("secret.json")), /292\.00 => 876\.00/);
  });

  it("says what an up resumes, as the resource's row does", () => {
    const risks = risksOf(printed("resumed.json"));
    assert.ok(
      risks.includes(
        "- **orders**: resumes: goes on waiting for 6 cores (24 GB); 2 cores (8 GB) when last seen",
      ),
    );
    assert.ok(!risks.some((risk) => risk.includes("still pending")), "once");
  });

  it("starts from the size that a refresh found", () => {
    assert.match(markdownOf(printed("drift.json")), /3 \(12 GB\) => 4 \(16 GB\)/);
  });

  it("says that what does not change is not in it", () => {
    assert.match(
      markdownOf(printed("drift.json")),
      /This preview omits 3 unchanged resources, so the total may be incomplete\. Run it with `--show-sames`\./,
    );
    assert.doesNotMatch(markdownOf(printed("update.json")), /This preview omits/);
  });
});

describe("the report", () => {
  const end = "2026-12-01T00:00:00Z";
  const burst = (others: object, cores = 24) =>
    sized(cores, {
      steadyCores: 2,
      phase: "initialLoad",
      phaseReason: "pipe shop-orders is in its initial load",
      initialLoad: { cores: 24, endBy: end },
      ...others,
    });

  it("shows phase and end of an initial load, why, and what comes after it", () => {
    const json = one("update", { old: sized(2), new: burst({}) });
    assert.match(
      rowsOf(json)[0] ?? "",
      / \| initial load until 2026-12-01T00:00:00Z, then 2 cores \(\$146\.00\/month\) \|$/,
    );
    assert.deepEqual(risksOf(json), [
      "- **orders**: pipe shop-orders is in its initial load",
      "- **orders**: cost increases by $1,606.00/month",
    ]);
  });

  it("prices what comes after it as the burst is priced", () => {
    const price = { usdPerHour: 6, usdPerMonth: 4_380 };
    assert.match(rowsOf(one("create", { new: burst(price) }))[0] ?? "", /then 2 cores \(\$365\.00\/month\)/);
  });

  it("warns of a burst that no end is set for, and not of one that is over", () => {
    const without = (phase: string, cores: number) =>
      risksOf(one("update", { old: sized(24), new: burst({ phase, initialLoad: { cores: 24 } }, cores) }));
    const risk =
      "- **orders**: endBy is not set: this size ($1,752.00/month) stays until the initial load finishes";
    assert.ok(without("initialLoad", 24).includes(risk));
    assert.ok(without("unknown", 24).includes(risk));
    assert.ok(!without("steady", 2).join().includes("endBy"));
    assert.ok(!without("unknown", 2).join().includes("endBy"));
  });

  it("leaves that to the provider's own advice, where it gives it", () => {
    const change = step("create", { new: burst({ initialLoad: { cores: 24 } }) });
    const advice = message("warning", "warning: without initialLoad.endBy 24 cores stay");
    assert.equal(risksOf(preview([change], [advice])).filter((risk) => risk.includes("endBy")).length, 1);
  });

  it("shows the phase that was decided now, not that of the last change", () => {
    const json = one("same", { old: burst({ phase: "unknown" }), new: burst({}) });
    assert.match(rowsOf(json)[0] ?? "", /\| initial load until /);
  });

  it("warns of an initial load past its end", () => {
    const json = one("update", { old: sized(24), new: burst({ phase: "overdue" }, 2) });
    assert.match(rowsOf(json)[0] ?? "", /\| overdue since 2026-12-01T00:00:00Z \|$/);
    assert.match(
      risksOf(json)[0] ?? "",
      /endBy \(2026-12-01T00:00:00Z\) passed before the initial load was confirmed as finished/,
    );
  });

  it("says that an end is not known yet", () => {
    const json = one("create", { new: burst({ initialLoad: { cores: 24, endBy: UNKNOWN } }) });
    assert.match(rowsOf(json)[0] ?? "", /\| initial load until an unknown time, then/);
  });

  it("says that a phase is not known, whatever stands there", () => {
    for (const phase of [UNKNOWN, "[secret]", 3, "| x |"]) {
      const json = one("create", { new: burst({ phase, initialLoad: UNKNOWN, phaseReason: 4 }) });
      assert.match(rowsOf(json)[0] ?? "", /\| unknown \(endBy unknown\) \|$/);
    }
  });

  it("shows a burst that does not change, too", () => {
    assert.match(
      rowsOf(one("same", { old: burst({}), new: burst({}) }))[0] ?? "",
      /^\| unchanged \| \*\*orders/,
    );
  });

  it("warns of more cores than are documented", () => {
    const risks = risksOf(one("create", { new: sized(32) }));
    assert.equal(risks[0], "- **orders**: 32 cores is above the documented maximum of 24");
    assert.ok(
      !risksOf(one("create", { new: sized(24) }))
        .join()
        .includes("documented"),
    );
  });

  it("warns of a change that an earlier run did not see arrive", () => {
    const pending = sized(2, { pendingCores: 8 });
    assert.deepEqual(risksOf(one("same", { old: pending, new: sized(2) })), [
      "- **orders**: an earlier change to 8 cores is still pending",
    ]);
  });

  describe("on a destroy", () => {
    for (const [what, old, expected] of [
      [
        "puts back coresAfterDestroy before the size from before",
        { coresAfterDestroy: 3, baselineCores: 2 },
        "584.00 => 219.00",
      ],
      ["puts back the size from before", { baselineCores: 2 }, "584.00 => 146.00"],
      ["puts back the nearest size that can be asked for", { baselineCores: 0.5 }, "584.00 => 73.00"],
    ] as const) {
      it(what, () => assert.ok(rowsOf(one("delete", { old: sized(8, old) }))[0]?.includes(expected)));
    }

    it("warns where the size stays and goes on costing", () => {
      const json = one("delete", { old: sized(8) });
      assert.match(rowsOf(json)[0] ?? "", /\| 584\.00 \| \$0\.00 \|/);
      assert.match(
        risksOf(json)[0] ?? "",
        /destroy keeps the current size \(still \$584\.00\/month\) because the original size is unknown/,
      );
    });

    it("warns where what it leaves is a secret", () => {
      const json = one("delete", { old: sized(8, { coresAfterDestroy: "[secret]" }) });
      assert.deepEqual(risksOf(json), ["- **orders**: the size after destroy is unknown"]);
      assert.match(markdownOf(json), /at least \$0\.00\/month/);
    });

    it("counts nothing for a service that goes too", () => {
      const service = "urn:pulumi:dev::shop::clickhouse:index:Service::warehouse";
      const gone = step("delete", { old: sized(8), options: { deletedWith: service } });
      assert.match(
        markdownOf(preview([gone, { op: "delete", urn: service }])),
        /\$0\.00\/month \(-\$584\.00\)/,
      );
      assert.match(markdownOf(preview([gone])), /still \$584\.00\/month/);
    });
  });

  it("shows two services that change hands as what each goes through", () => {
    const json = preview([
      step("replace", { name: "a", old: sized(4), new: sized(4, { serviceId: OTHER_SERVICE }) }),
      step("replace", { name: "b", old: sized(8, { serviceId: OTHER_SERVICE }), new: sized(8) }),
    ]);
    const rows = rowsOf(json);
    assert.equal(rows.length, 2);
    assert.match(rows[0] ?? "", /\*\*a\*\*, previously b .* 8 \(32 GB\) => 4/);
    assert.match(rows[1] ?? "", /\*\*b\*\*, previously a .* 4 \(16 GB\) => 8/);
  });

  it("says once what is said of a resource whose replacement is on another service", () => {
    const old = sized(4, { baselineCores: 2 });
    const steps = [step("replace", { old, new: sized(4, { serviceId: OTHER_SERVICE }) })];
    const risks = risksOf(preview(steps, [message("warning", "warning: advice")]));
    assert.equal(risks.filter((risk) => risk.includes("advice")).length, 1);
  });

  it("shows a replacement on the same service as one change", () => {
    assert.doesNotMatch(markdownOf(one("replace", { old: sized(4), new: sized(8) })), /previously/);
    assert.match(
      rowsOf(one("replace", { old: sized(4), new: sized(8) }))[0] ?? "",
      /\| replace .* 4 \(16 GB\) => 8/,
    );
  });

  it("takes the size from what is left where a state lacks the rest", () => {
    const json = one("same", { old: { serviceId: SERVICE, cores: 4 }, new: {} });
    assert.match(rowsOf(json)[0] ?? "", /\| 1 service \|  \| 2 \| 0\.40 \| 292\.00 \|/);
  });

  for (const left of [{ replicaCpuMillicores: 4_000 }, { computeUnits: 2 }]) {
    it(`takes the size from ${Object.keys(left).join()} where no more is shown`, () => {
      const json = one("update", { old: sized(2), new: { serviceId: SERVICE, cores: "[secret]", ...left } });
      assert.match(rowsOf(json)[0] ?? "", /=> 4 \(16 GB\) \| 1 => 2 \|/);
    });
  }

  it("has a mark that ends where it ends, whatever the project's name", () => {
    const stack = { op: "same", urn: "urn:pulumi:a--b::c --> <script>::pulumi:pulumi:Stack::x" };
    assert.match(
      markdownOf(preview([stack])),
      /^<!-- pulumi-clickpipes report of c _-_ _script_\/a_-b -->\n/,
    );
  });

  it("lists some failures, and counts the others", () => {
    const errors = [1, 2, 3, 4, 5].map((n) =>
      message("error", `error: ${n}\n\u001b[90m    at file.js:1`, ""),
    );
    assert.deepEqual(risksOf(preview([], errors)), [
      "- error: 1",
      "- error: 2",
      "- error: 3",
      "- 2 more not shown",
    ]);
  });

  it("keeps the price that the stack has", () => {
    const dear = sized(8, { usdPerHour: 2, usdPerMonth: 1_460, baselineCores: 2 });
    assert.match(rowsOf(one("delete", { old: dear }))[0] ?? "", /1,460\.00 => 365\.00/);
  });

  it("has no number of its own where all is secret", () => {
    const secret = Object.fromEntries(Object.keys(sized(1)).map((name) => [name, "[secret]"]));
    assert.match(
      rowsOf(one("update", { old: secret, new: secret }))[0] ?? "",
      /\| \? \| \? \| \? \| \? \| \? \|/,
    );
  });

  it("is the same whatever the order of the steps and the messages' resources", () => {
    const names = ["b", "a", "c", "ä", "B"];
    const steps = names.map((name, index) =>
      step("create", { name, new: sized(2, { serviceId: `00000000-0000-4000-8000-00000000001${index}` }) }),
    );
    assert.equal(markdownOf(preview(steps)), markdownOf(preview(steps.toReversed())));
    assert.deepEqual(
      rowsOf(preview(steps)).map((row) => /\*\*(.*?)\*\*/.exec(row)?.[1]),
      ["B", "a", "b", "c", "ä"],
    );
  });

  it("gives a resource fewer than 6 lines, the worst first, and says how many more there are", () => {
    const said = [1, 2, 3, 4, 5].map((n) => message("warning", `warning: advice ${n}`));
    const json = preview(
      [step("update", { old: sized(2), new: sized(32) })],
      [...said, message("error", "error: no")],
    );
    const risks = risksOf(json);
    assert.equal(rowsOf(json).length + risks.length, 5);
    assert.deepEqual(risks[0], "- **orders**: no");
    assert.deepEqual(risks.at(-1), "- **orders**: 5 more not shown");
  });

  it("takes what is said of the component around it as said of the resource, and each thing once", () => {
    const component = urnOf("orders").replace("$pulumi-nodejs:dynamic/clickpipes:CdcScaling", "");
    const said = [message("warning", "warning: once"), message("warning", "warning: once", component)];
    const more = message("warning", "warning: of its component", component);
    const other = message("warning", "warning: of others", "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::b");
    const json = preview([step("same", { old: sized(2), new: sized(2) })], [...said, more, other]);
    assert.deepEqual(risksOf(json), ["- **orders**: once", "- **orders**: of its component"]);
  });

  it("says that there is nothing of ours", () => {
    const stack = { op: "create", urn: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev" };
    assert.equal(
      markdownOf(preview([stack])),
      "<!-- pulumi-clickpipes report of shop/dev -->\n\n### ClickPipes compute: no resources in this preview\n",
    );
  });

  it("fits into a comment, with a thousand services", () => {
    const steps = Array.from({ length: 1_000 }, (_, index) => {
      const serviceId = `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
      return step("create", { name: `service-${index}`, new: sized(2, { serviceId }) });
    });
    const report = markdownOf(preview(steps));
    assert.ok(report.length < 65_536, `${report.length} characters`);
    assert.match(report, /\$146,000\.00\/month/);
    assert.match(report, /\| \d+ more not shown \|/);
    assert.match(report, /- \d+ more lines not shown/);
  });
});

describe("the limit of a report", () => {
  const verdict = (json: string, max: number) => renderReport(parsePreview(json), max).verdict;
  const json = preview([step("update", { old: sized(2), new: sized(8) })]);

  it("can't be told where nobody knew whether a burst is called for, unless the burst is within it", () => {
    const undecided = sized(2, { phase: "unknown", steadyCores: 2, initialLoad: { cores: 24 } });
    const json = preview([step("create", { new: undecided })]);
    assert.equal(verdict(json, 1_752)?.isWithinLimit, true);
    assert.deepEqual(verdict(json, 1_751), {
      isWithinLimit: false,
      reason:
        "can't check --max-usd-per-month ($1,751.00): the pipes of orders could not be read, and an initial load would raise " +
        "the cost to $1,752.00/month",
    });
  });

  it("is kept up to itself", () => {
    assert.deepEqual(verdict(json, 584), {
      isWithinLimit: true,
      reason: "$584.00/month after this change is within --max-usd-per-month ($584.00)",
    });
  });

  it("is not missed by an error of binary fractions", () => {
    const cheap = (usdPerMonth: number) =>
      step("same", { name: `${usdPerMonth}`, old: sized(1, { usdPerMonth }) });
    assert.equal(verdict(preview([cheap(0.1), cheap(0.2)], [], 2), 0.3)?.isWithinLimit, true);
  });

  it("is not kept a cent above", () => {
    assert.deepEqual(verdict(json, 583.99), {
      isWithinLimit: false,
      reason: "$584.00/month after this change is above --max-usd-per-month ($583.99)",
    });
  });

  it("counts what does not change, and what a destroy leaves", () => {
    const steps = [
      step("same", { name: "a", old: sized(2), new: sized(2) }),
      step("delete", { name: "b", old: sized(4, { serviceId: OTHER_SERVICE, baselineCores: 2 }) }),
    ];
    assert.equal(verdict(preview(steps, [], 1), 292)?.isWithinLimit, true);
    assert.equal(verdict(preview(steps, [], 1), 291)?.isWithinLimit, false);
  });

  for (const [what, unsure, reason] of [
    [
      "the preview failed",
      preview([], [message("error", "error: no", "")]),
      /^can't check .*: the preview failed$/,
    ],
    [
      "a cost is not known",
      one("create", { new: { serviceId: SERVICE } }),
      /^can't check .*: the cost of orders is unknown until the update$/,
    ],
    [
      "the preview leaves something out",
      preview([], [], 3),
      /^can't check .*: the preview omits 3 unchanged resources; run .*--show-sames/,
    ],
  ] as const) {
    it(`is not kept where ${what}`, () => {
      const { isWithinLimit, reason: said = "" } = verdict(unsure, 10_000) ?? {};
      assert.equal(isWithinLimit, false);
      assert.match(said, reason);
    });
  }

  it("says in the report why it is not kept", () => {
    assert.match(
      renderReport(parsePreview(json), 500).markdown,
      /\*\*Cost check failed\*\*: \$584\.00\/month .* above --max/,
    );
  });
});

describe("the sample of a report in the README", () => {
  it("is what the command writes", () => {
    const json = preview([
      step("update", { old: sized(4), new: sized(24) }),
      step("same", { name: "sales", old: sized(8), new: sized(8) }),
    ]);
    const [, section = ""] = readFileSync(join(REPOSITORY, "README.md"), "utf8").split("\n## The review\n");
    const quoted = section.split("\n## ")[0]?.match(/^>.*$/gm) ?? [];
    const plain = (lines: readonly string[]) =>
      lines.map((line) =>
        line.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---").replaceAll(/-+:/g, "--:").trim(),
      );
    const [, , ...written] = renderReport(parsePreview(json), 1_500).markdown.trimEnd().split("\n");
    assert.deepEqual(plain(quoted.map((line) => line.replace(/^> ?/, ""))), plain(written));
  });
});
