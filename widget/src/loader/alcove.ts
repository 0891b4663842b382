// The one global: `Alcove(command, …)`, shared by all tags of a page.

export type Commands = Record<string, (...args: never[]) => void>;
type Call = [command: string, ...args: never[]];

interface AlcoveFunction {
  (...call: Call): void;
  /** Calls that wait for the script, or for the tag of the bot they name. */
  q?: Call[];
  bots?: Record<string, Commands>;
}
declare global {
  interface Window {
    Alcove?: AlcoveFunction;
    ChatbotConfig?: unknown;
  }
}

const { q = [], bots = {} as Record<string, Commands> } = window.Alcove ?? {};

/** `open` is for the page's first tag, `sales.open` for the one of that bot. */
const alcove = (...call: Call): void => {
  const [command, bot] = call[0].split('.').reverse() as [string, string?];
  const commands = bots[bot ?? (Object.keys(bots)[0] as string)];
  if (commands?.[command]) commands[command]!(call[1] as never, call[2] as never);
  else q.push(call);
};
window.Alcove = Object.assign(alcove, { q, bots });

export const isTaken = (bot: string): boolean => bot in bots;

export function add(bot: string, commands: Commands): void {
  bots[bot] = commands;
  for (const call of q.splice(0)) alcove(...call);
}

export function remove(bot: string): void {
  delete bots[bot];
  if (!Object.keys(bots)[0]) delete window.Alcove;
}
