#!/usr/bin/env bash
# Báo cáo tháng của một tỉnh: với tỉnh và mỗi đơn vị bên dưới (trừ công đoàn cơ sở) một tệp <mã>-<tháng>.csv và .json,
# thêm tong-hop-<tháng>.csv theo đơn vị trực tiếp. Chạy được bằng cron: không cần terminal, locale hay HOME ghi được.
#
#   5 7 1 * *  UCLI_DB=/srv/ucli/so.db PATH=/opt/ucli/bin:/usr/bin:/bin \
#              monthly-summary.sh "Thái Bình" "$(date -d 'last month' +\%Y-\%m)" /srv/bao-cao
#
# Mã thoát: 0 xong · 2 gọi sai · 127 không thấy ucli · 1 không ghi được vào OUTDIR · còn lại là mã của ucli
# (3 không có tỉnh ấy, 7 không mở được sổ …). Các tệp chỉ được đưa vào OUTDIR khi mọi báo cáo đã in xong.
set -euo pipefail

usage="Cách dùng: monthly-summary.sh PROVINCE MONTH OUTDIR    (ví dụ: monthly-summary.sh \"Thái Bình\" 2024-06 bao-cao)"

die() { # die MÃ LỜI
  printf 'monthly-summary.sh: %s\n' "$2" >&2
  exit "$1"
}

if [[ ${1-} == -h || ${1-} == --help ]]; then
  printf '%s\n' "$usage"
  exit 0
fi
if (($# != 3)); then
  printf '%s\n' "$usage" >&2
  die 2 "cần đúng ba tham số, nhận được $#."
fi
province=$1 month=$2 outdir=$3
[[ -n $province ]] || die 2 "tên tỉnh để trống (biến chưa được đặt?)."
[[ $province != -* ]] || die 2 "\"$province\" không phải tên tỉnh."
[[ $month =~ ^[0-9]{4}-(0[1-9]|1[0-2])$ ]] || die 2 "tháng \"$month\" không đúng dạng NĂM-THÁNG, như 2024-06."
[[ -n $outdir ]] || die 2 "thư mục ghi để trống (biến chưa được đặt?)."
[[ $outdir == /* ]] || outdir=./$outdir # tên thư mục có thể bắt đầu bằng "-"
command -v ucli >/dev/null || die 127 "không thấy lệnh ucli; thêm thư mục của nó vào PATH."

mkdir -p -- "$outdir" || die 1 "không tạo được thư mục \"$outdir\"."
work=$(mktemp -d "$outdir/.monthly-summary.XXXXXX") || die 1 "không ghi được vào \"$outdir\"."
trap 'rm -rf -- "$work"' EXIT

# Đơn vị như chúng đứng vào ngày cuối tháng: năm nhuận thì tháng 2 có 29 ngày.
year=$((10#${month%-*}))
case ${month#*-} in
  04 | 06 | 09 | 11) last=30 ;;
  02) last=$((year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28)) ;;
  *) last=31 ;;
esac
ucli units --province "$province" --on "$month-$last" --format tsv >"$work/units.tsv"

count=0
header=
while IFS=$'\t' read -r code _ kind _; do
  if [[ -z $header ]]; then
    header="$code $kind"
    [[ $header == "code kind" ]] || die 1 "ucli units đã đổi cột: \"$header\"."
    continue
  fi
  [[ $kind != union ]] || continue
  file=${code//\//_}-$month # một mã có thể chứa "/"
  ucli report --unit "$code" --period "$month" --output "$work/$file.csv" </dev/null
  ucli report --unit "$code" --period "$month" --output "$work/$file.json" </dev/null
  count=$((count + 1))
done <"$work/units.tsv"
((count > 0)) || die 3 "không có đơn vị nào của \"$province\" vào ngày $month-$last."

ucli report --province "$province" --period "$month" --by unit --output "$work/tong-hop-$month.csv"

rm -- "$work/units.tsv"
mv -f -- "$work"/* "$outdir/" || die 1 "không ghi được vào \"$outdir\"."
printf 'Đã ghi báo cáo tháng %s của %d đơn vị vào %s\n' "$month" "$count" "$outdir" >&2
