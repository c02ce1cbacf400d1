import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileNotes } from "../../provider/initial-load/preview-notes";
import { FakeClock } from "../support/fake-clock";

const MINUTE_MS = 60_000;

describe("the note that a preview leaves", () => {
  let folder: string;
  let clock: FakeClock;
  let preview: FileNotes;
  let update: FileNotes;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-clickpipes-"));
    clock = new FakeClock();
    preview = new FileNotes(join(folder, "notes"), clock, 1);
    update = new FileNotes(join(folder, "notes"), clock, 2);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("is read by the update after it", () => {
    preview.show("urn", "initialLoad", 24);
    assert.deepEqual(update.shown("urn"), {
      pid: 1,
      shownAt: "2026-01-01T00:00:00.000Z",
      phase: "initialLoad",
      cores: 24,
    });
  });

  it("is not read by the process that left it", () => {
    preview.show("urn", "initialLoad", 24);
    assert.equal(preview.shown("urn"), undefined);
  });

  it("is of that resource alone", () => {
    preview.show("urn", "initialLoad", 24);
    assert.equal(update.shown("another"), undefined);
  });

  it("is forgotten after an hour", () => {
    preview.show("urn", "initialLoad", 24);
    clock.suspend(60 * MINUTE_MS + 1);
    assert.equal(update.shown("urn"), undefined);
  });

  it("is gone after the update", () => {
    preview.show("urn", "initialLoad", 24);
    update.forget("urn");
    assert.equal(update.shown("urn"), undefined);
  });

  it("is removed by a later one where nobody asked for it", () => {
    preview.show("urn", "initialLoad", 24);
    const [file] = readdirSync(join(folder, "notes"));
    const old = new Date(clock.now() - 61 * MINUTE_MS);
    utimesSync(join(folder, "notes", file!), old, old);
    preview.show("another", "steady", 2);
    assert.equal(readdirSync(join(folder, "notes")).length, 1);
  });

  it("is taken for none where it is damaged", () => {
    preview.show("urn", "initialLoad", 24);
    const [file] = readdirSync(join(folder, "notes"));
    writeFileSync(join(folder, "notes", file!), "{");
    assert.equal(update.shown("urn"), undefined);
  });

  it("is not left where its folder can't be written, and nothing fails", () => {
    writeFileSync(join(folder, "notes"), "a file in the folder's place");
    chmodSync(folder, 0o500);
    preview.show("urn", "initialLoad", 24);
    update.forget("urn");
    assert.equal(update.shown("urn"), undefined);
    chmodSync(folder, 0o700);
  });
});
