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

    /// The next step to tell somebody who has seen so many changes and came when there were
    /// `joined`. What had changed before that is told once, as it is now; later changes one by one,
    /// so that who follows from the beginning sees each step begin.
    pub fn next_change(&self, seen: &mut usize, joined: usize) -> Option<Step> {
        loop {
            let at = *seen;
            let place = self.changes.get(at)?;
            *seen += 1;
            let mut others = self.changes.iter().enumerate().filter(|(_, other)| *other == place);
            let is_first = others.clone().all(|(other, _)| other >= at);
            let is_latest = others.all(|(other, _)| other <= at);
            let step = self.steps.get(*place)?;
            if is_latest {
                return Some(step.clone());
            }
            if is_first && at >= joined {
                return Some(as_begun(step));
            }
        }
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

/// The step as it was when it began.
fn as_begun(step: &Step) -> Step {
    Step {
        id: step.id.clone(),
        name: step.name.clone(),
        status: StepStatus::Running,
        title: step.title.clone(),
        source: step.source.clone(),
        evidence: None,
        error: None,
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
        told_since(steps, seen, 0)
    }

    fn told_since(steps: &Steps, seen: &mut usize, joined: usize) -> Vec<(String, StepStatus)> {
        let next = |()| steps.next_change(seen, joined).map(|step| (step.id, step.status));
        std::iter::repeat(()).map_while(next).collect()
    }

    #[test]
    fn a_changed_step_is_told_again_and_who_comes_late_is_told_each_once() {
        let (mut steps, mut early) = (Steps::default(), 0);
        let (one, two) = (steps.begin(new("a")), steps.begin(new("b")));
        let begun = [("1".into(), StepStatus::Running), ("2".into(), StepStatus::Running)];
        assert_eq!(told(&steps, &mut early), begun);
        steps.end(two, Ok(found()));
        steps.end(one, Err("no".to_owned()));
        let ended = [("2".into(), StepStatus::Done), ("1".into(), StepStatus::Failed)];
        assert_eq!(told(&steps, &mut early), ended);
        assert_eq!(told(&steps, &mut early), []);
        assert_eq!(
            told(&steps, &mut 0),
            [begun, ended.clone()].concat(),
            "slow, but from the start"
        );
        assert_eq!(told_since(&steps, &mut 0, 4), ended, "as they are when somebody comes");
        let three = steps.begin(new("c"));
        steps.end(three, Ok(found()));
        let late = [("3".into(), StepStatus::Running), ("3".into(), StepStatus::Done)];
        assert_eq!(told_since(&steps, &mut 0, 4), [ended, late].concat());
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
