//! Which sites may embed the widget.

use url::Url;

/// Which sites may embed the widget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowedOrigins {
    /// Everybody (`*`).
    Any,
    /// Exactly these, as `scheme://host[:port]`.
    List(Vec<String>),
}

impl AllowedOrigins {
    /// Reads `*`, or origins separated by commas or line ends.
    ///
    /// # Errors
    /// What is wrong with it, for the owner.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts = text.split([',', '\n']).map(str::trim).filter(|part| !part.is_empty());
        let list = parts.map(origin).collect::<Result<Vec<_>, _>>()?;
        let any = list.is_empty() || list.iter().any(|entry| entry == "*");
        match any {
            true if list.len() > 1 => Err("holds * beside other entries".to_owned()),
            true => Ok(Self::Any),
            false => Ok(Self::List(list)),
        }
    }
}

/// `*`, or an origin in the form browsers send it.
fn origin(text: &str) -> Result<String, String> {
    if text == "*" {
        return Ok(text.to_owned());
    }
    let refused = || format!("holds `{text}`, which is not scheme://host[:port]");
    let url = Url::parse(text).map_err(|_| refused())?;
    let bare = matches!(url.scheme(), "http" | "https")
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && !text.contains('*');
    if bare { Ok(url.origin().ascii_serialization()) } else { Err(refused()) }
}
