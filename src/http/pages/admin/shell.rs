//! What every admin page stands in: navigation, who is signed in, styles, one sentence on top.

use crate::domain::account::Role;
use crate::http::App;
use crate::http::auth::StaffVisit;
use crate::http::embed::page_file_address;
use crate::http::pages::admin::flash::Done;

/// The table: variant, name, path, outline of its sign in a square of 20.
macro_rules! section_table {
    ($($(#[$doc:meta])* $variant:ident $label:literal $path:literal $icon:literal;)+) => {
        /// An entry of the navigation.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Section {
            $($(#[$doc])* $variant,)+
        }

        impl Section {
            /// All of them, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its name.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }

            /// Where it begins.
            pub const fn path(self) -> &'static str {
                match self { $(Self::$variant => $path,)+ }
            }

            /// Its sign: what an SVG path draws.
            pub const fn icon(self) -> &'static str {
                match self { $(Self::$variant => $icon,)+ }
            }
        }
    };
}

section_table! {
    /// Numbers and charts.
    Overview "Overview" "/admin/" "M3.5 3.5h5.5v6H3.5zM12 3.5h4.5v4H12zM12 10.5h4.5v6H12zM3.5 12.5H9v4H3.5z";
    /// All conversations.
    Conversations "Conversations" "/admin/conversations" "M3 4.5h14v9.5H9.5L6 17v-3H3z";
    /// Replies to work on.
    Review "To review" "/admin/review" "M10 17.2a7.2 7.2 0 1 0 0-14.4 7.2 7.2 0 0 0 0 14.4zM10 6.5v4M10 13.3v.1";
    /// Visitors who said who they are.
    Leads "Leads" "/admin/leads" "M10 9.7a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM3.8 16.8c.6-2.9 3.1-4.3 6.2-4.3s5.6 1.4 6.2 4.3";
    /// The bots.
    Bots "Bots" "/admin/bots" "M4.5 7.5h11v8h-11zM10 7.5V4M8 4h4M8 11v1.2M12 11v1.2M2.5 10.5v2.5M17.5 10.5v2.5";
    /// Who signs in.
    Accounts "Accounts" "/admin/accounts" "M7.5 9.5a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM2.3 16.2c.4-2.6 2.4-4 5.2-4s4.8 1.4 5.2 4M13 4.2a2.7 2.7 0 0 1 0 5M14.8 12.5c1.6.5 2.6 1.8 2.9 3.7";
    /// Keys of programs.
    Tokens "API tokens" "/admin/tokens" "M13 11.5a4 4 0 1 0-3.8-2.7L3 15v2h2.8v-1.9h1.9v-1.9h1.7l1.3-1.4c.7.5 1.5.7 2.3.7zM13.7 6.8v.1";
    /// Who changed what.
    Audit "Audit log" "/admin/audit" "M5 3h10v14H5zM8 7h4M8 10h4M8 13h2.5";
    /// What the server was started with.
    Settings "Settings" "/admin/settings" "M3 6.5h7M14.5 6.5H17M12.2 4.3v4.4M3 13.5h2.5M10 13.5h7M7.7 11.3v4.4";
    /// How the server is.
    Health "Health" "/admin/health" "M2.5 10.5H6l2-5.5 3.5 10.5 2.2-5h3.8";
}

/// Entries of the navigation that belong together, and their heading, if they need one.
pub type Group = (&'static str, &'static [Section]);

const GROUPS: &[Group] = &[
    ("", &[Section::Overview, Section::Conversations, Section::Review, Section::Leads]),
    ("Set up", &[Section::Bots, Section::Accounts, Section::Tokens]),
    ("Server", &[Section::Settings, Section::Health, Section::Audit]),
];

/// What the layout of a page needs. Each page's template has it as the field `shell`.
pub struct Shell {
    /// Where in the navigation the page is.
    pub section: Section,
    /// Who is signed in.
    pub username: String,
    /// What they may do.
    pub role: Role,
    /// The number of their account.
    pub account: i64,
    /// For the hidden field `csrf` of every form.
    pub csrf: String,
    /// What was done before this page.
    pub done: Option<Done>,
    /// Where the files of the pages lie.
    pub files: PageFiles,
}

impl Shell {
    /// The shell of a page in `section` for this visit.
    pub fn new(_app: &App, visit: &StaffVisit, section: Section) -> Self {
        Self {
            section,
            username: visit.username.clone(),
            role: visit.staff.role,
            account: visit.staff.account.number(),
            csrf: visit.csrf.to_string(),
            done: visit.done,
            files: PageFiles::of_this_build(),
        }
    }

    /// The navigation.
    pub fn groups(&self) -> &'static [Group] {
        GROUPS
    }

    /// Whether bots may be changed and conversations deleted.
    pub fn may_edit(&self) -> bool {
        self.role.includes(Role::Editor)
    }

    /// Whether accounts may be managed.
    pub fn is_owner(&self) -> bool {
        self.role.includes(Role::Owner)
    }

    /// The letter in the circle beside the name.
    pub fn initial(&self) -> String {
        self.username.chars().next().map_or_else(String::new, |c| c.to_uppercase().collect())
    }
}

/// Addresses of what admin pages load, named by content.
pub struct PageFiles {
    /// The stylesheet.
    pub styles: String,
    /// The script.
    pub script: String,
    /// The sign in the tab.
    pub icon: String,
}

impl PageFiles {
    /// Of this build.
    #[must_use]
    pub fn of_this_build() -> Self {
        Self {
            styles: page_file_address("admin", "css"),
            script: page_file_address("admin", "js"),
            icon: page_file_address("icon", "svg"),
        }
    }
}

/// An instant as people without a script read it: `2026-11-24 13:20 UTC`. For `ui::time`.
pub fn readable(at: impl std::fmt::Display) -> String {
    let text: String = at.to_string().chars().take(16).collect();
    if text.is_empty() { text } else { format!("{} UTC", text.replace('T', " ")) }
}

/// Whether an option is the chosen one. For `ui::select`.
#[must_use]
pub fn is_same(option: impl AsRef<str>, value: impl AsRef<str>) -> bool {
    option.as_ref() == value.as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock::Timestamp;

    #[test]
    fn every_section_is_in_the_navigation_once() {
        let shown: Vec<Section> =
            GROUPS.iter().flat_map(|(_, group)| group.iter().copied()).collect();
        for section in Section::ALL {
            assert_eq!(shown.iter().filter(|other| *other == section).count(), 1, "{section:?}");
        }
    }

    #[test]
    fn instants_are_readable_without_a_script() {
        assert_eq!(readable(Timestamp::from_ms(1_795_180_800_123)), "2026-11-20 13:20 UTC");
        assert_eq!(readable(""), "");
    }
}
