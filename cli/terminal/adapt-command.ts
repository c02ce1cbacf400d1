import { type Command, Help } from "commander";
import { Terminal } from "./terminal";
import { wrapText } from "./wrap-text";

/** A description that has less room stands below its option. */
const MIN_DESCRIPTION_COLUMNS = 32;
const BELOW = "      ";

/** Makes the help and the errors of a command and its subcommands fit the terminal. */
export function adaptCommand(command: Command): Command {
  const [out, err] = [new Terminal(process.stdout), new Terminal(process.stderr)];
  command.configureHelp({
    minWidthToWrap: MIN_DESCRIPTION_COLUMNS,
    formatItem,
    styleTitle: (title) => out.style("bold", title),
  });
  command.configureOutput({
    getOutHelpWidth: () => out.columns,
    getErrHelpWidth: () => err.columns,
    getOutHasColors: () => out.hasColors,
    getErrHasColors: () => err.hasColors,
    // In a pipe too: that is a pager, and a help is for people.
    writeOut: (text) => process.stdout.write(wrapText(text, out.columns)),
    writeErr: (text) => process.stderr.write(err.wrap(text)),
    outputError: (text, write) => write(err.styleFirstLine("red", text)),
  });
  command.commands.forEach(adaptCommand);
  return command;
}

function formatItem(term: string, termWidth: number, description: string, helper: Help): string {
  const columns = helper.helpWidth ?? Infinity;
  const isNarrow = columns - termWidth - 4 < MIN_DESCRIPTION_COLUMNS;
  if (!isNarrow) return Help.prototype.formatItem.call(helper, term, termWidth, description, helper);
  const below = helper.boxWrap(description, columns - BELOW.length).replaceAll("\n", `\n${BELOW}`);
  return description === "" ? `  ${term}` : `  ${term}\n${BELOW}${below}`;
}
