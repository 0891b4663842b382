//! The steps of a growing reply, and which of them followers have not been told as they are now.
//! Pure.

use crate::domain::evidence::{Evidence, Step, StepStatus};

/// What the visitor is told of a step when its model broke off and another one took over.
const ABANDONED: &str = "The model broke off here, and the question was asked anew.";

/// A step about to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStep {
    /// The tool.
    pub name: String,
    /// One line for the visitor.
    pub title: String,
    /// What it looks at.
    pub source: Option<String>,
}

/// The steps of a reply, in the order in which they began.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Steps {
    steps: Vec<Step>,
    /// The place of the step that changed, for each change: followers read on in it.
    changes: Vec<usize>,
}

impl Steps {
    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[Step] {
        &self.steps
    }

    /// How many changes there were: another number means that something is to be saved.
    #[must_use]
    pub fn changes(&self) -> usize {
        self.changes.len()
    }

    /// The next step to tell somebody who has seen so many changes. What has changed again since is
    /// told once, as it is now.
    pub fn next_change(&self, seen: &mut usize) -> Option<&Step> {
        while let Some(place) = self.changes.get(*seen) {
            *seen += 1;
            let is_latest = !self.changes.iter().skip(*seen).any(|later| later == place);
            if is_latest {
                return self.steps.get(*place);
            }
        }
        None
    }

    /// A tool begins to work; answers the step's place.
    pub fn begin(&mut self, new: NewStep) -> usize {
        let place = self.steps.len();
        self.steps.push(Step {
            id: (place + 1).to_string(),
            name: new.name,
            status: StepStatus::Running,
            title: new.title,
            source: new.source,
            evidence: None,
            error: None,
        });
        self.changes.push(place);
        place
    }

    /// It found something, or failed and says why.
    pub fn end(&mut self, place: usize, outcome: Result<Evidence, String>) {
        let Some(step) = self.steps.get_mut(place) else { return };
        match outcome {
            Ok(evidence) => {
                step.status = StepStatus::Done;
                step.evidence = Some(evidence);
            }
            Err(why) => step.fail(&why),
        }
        self.changes.push(place);
    }

    /// The reply is over: nothing runs any more.
    pub fn settle(&mut self) {
        for (place, step) in self.steps.iter_mut().enumerate() {
            if step.status == StepStatus::Running {
                step.cut_off();
                self.changes.push(place);
            }
        }
    }

    /// The model that took these steps failed before it said a word, and the question is asked
    /// anew. They were told, so they stay, but as failed: what they found belongs to no answer.
    pub fn abandon(&mut self) {
        for (place, step) in self.steps.iter_mut().enumerate() {
            if step.status != StepStatus::Failed {
                step.evidence = None;
                step.fail(ABANDONED);
                self.changes.push(place);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::table::QueryResult;

    fn new(name: &str) -> NewStep {
        NewStep { name: name.to_owned(), title: "Looking".to_owned(), source: None }
    }

    fn found() -> Evidence {
        let (purpose, sql) = ("all".to_owned(), "select 1".to_owned());
        Evidence { purpose, sql, result: QueryResult::default(), chart: None }
    }

    fn told(steps: &Steps, seen: &mut usize) -> Vec<(String, StepStatus)> {
        let next = |_| steps.next_change(seen).map(|step| (step.id.clone(), step.status));
        std::iter::repeat(()).map_while(next).collect()
    }

    #[test]
    fn a_changed_step_is_told_again_and_only_as_it_is_now() {
        let (mut steps, mut early) = (Steps::default(), 0);
        let (one, two) = (steps.begin(new("a")), steps.begin(new("b")));
        assert_eq!(
            told(&steps, &mut early),
            [("1".into(), StepStatus::Running), ("2".into(), StepStatus::Running)]
        );
        steps.end(two, Ok(found()));
        steps.end(one, Err("no".to_owned()));
        let ended = [("2".into(), StepStatus::Done), ("1".into(), StepStatus::Failed)];
        assert_eq!(told(&steps, &mut early), ended);
        assert_eq!(told(&steps, &mut 0), ended, "who comes late is told each once");
        assert_eq!(told(&steps, &mut early), []);
    }

    #[test]
    fn what_still_runs_at_the_end_has_failed() {
        let mut steps = Steps::default();
        let done = steps.begin(new("a"));
        steps.begin(new("b"));
        steps.end(done, Ok(found()));
        steps.settle();
        let status: Vec<_> = steps.all().iter().map(|step| step.status).collect();
        assert_eq!(status, [StepStatus::Done, StepStatus::Failed]);
        assert!(steps.all().iter().any(|step| step.error.is_some()));
    }

    #[test]
    fn abandoned_steps_stay_without_what_they_found() {
        let (mut steps, mut seen) = (Steps::default(), 0);
        let place = steps.begin(new("a"));
        steps.end(place, Ok(found()));
        told(&steps, &mut seen);
        steps.abandon();
        assert_eq!(told(&steps, &mut seen), [("1".into(), StepStatus::Failed)]);
        assert_eq!(steps.all()[0].evidence, None);
        assert_eq!(steps.begin(new("a")), 1, "ids go on");
    }
}
