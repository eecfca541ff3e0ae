#!/usr/bin/env bash
# Một tháng báo cáo: đơn vị nào đúng hạn, chậm, chưa nộp; đối chiếu số liệu; các đợt nối tiếp nhau; các lệnh của cả tháng
# in ra để chép vào tệp lệnh, rồi báo cáo và khóa kỳ. Số liệu đặt thử.
# Chạy trên sổ mới: một tệp tạm, hoặc tệp chưa có đặt trong UCLI_DB.
set -euo pipefail

export UCLI_DB="${UCLI_DB:-$(mktemp -d)/thang-bao-cao-2025.db}"
if [ -e "$UCLI_DB" ]; then
  echo "$UCLI_DB đã có: ví dụ chỉ ghi vào sổ mới. Bỏ UCLI_DB, hoặc đặt tên một tệp chưa có." >&2
  exit 5
fi
tinh="LĐLĐ tỉnh Ví Dụ"
noi=$(mktemp -d)

ucli init --office "$tinh"
ucli batch --atomic <<HET
add-unit "LĐLĐ huyện An"   --kind district --parent "$tinh" --code AN
add-unit "LĐLĐ huyện Bình" --kind district --parent "$tinh" --code BINH
add-unit "LĐLĐ huyện Cửu"  --kind district --parent "$tinh" --code CUU
add-period bc-thang-6 --from 1/6/2025 --to 30/6/2025 --due 5/7/2025
add-figure news-items       12 --unit AN   --period 2025-06 --received 3/7/2025
add-figure party-introduced  9 --unit AN   --period 2025-06 --received 3/7/2025
add-figure party-admitted    4 --unit AN   --period 2025-06 --received 4/7/2025
add-figure news-items        7 --unit BINH --period 2025-06 --received 9/7/2025
add-figure party-introduced  3 --unit BINH --period 2025-06 --received 9/7/2025
add-figure party-admitted    5 --unit BINH --period 2025-06 --received 9/7/2025
HET

echo "== Ai đúng hạn, ai chậm, ai chưa báo cáo =="
ucli timeliness T6/2025
ucli report T6/2025 --fail-late || echo "(mã thoát $?: có đơn vị chậm hạn hoặc chưa báo cáo)"

echo "== Đối chiếu: giới thiệu cho Đảng không ít hơn kết nạp Đảng =="
ucli checks
ucli check || echo "(mã thoát $?: còn vấn đề)"
ucli add-figure party-introduced 8 --unit BINH --period 2025-06 --replace --note "huyện Bình sửa lại"
ucli check

echo "== Phép đối chiếu riêng: tổng các phần =="
ucli add-check tin-bai "news-items >= contest-entries" --missing "coi là 0"
ucli check

echo "== Tháng tính từ ngày 15 đến ngày 14 =="
ucli batch --atomic <<HET
add-period ky-5 --from 15/4/2025 --to 14/5/2025 --family "kỳ 15" --name "Kỳ tháng 5"
add-period ky-6 --from 15/5/2025 --to 14/6/2025 --family "kỳ 15" --name "Kỳ tháng 6"
add-figure legal-advice 21 --unit AN --period ky-5
add-figure legal-advice 34 --unit AN --period ky-6
HET
ucli report 2025 --by kỳ --indicator legal-advice

echo "== Cả tháng bằng một lệnh =="
cd "$noi"
ucli month T6/2025 --dry-run
ucli month T6/2025 --skip template --skip import --yes
ucli periods
